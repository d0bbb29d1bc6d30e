package org.mooring

// The core gives them and reads them; an app keeps them and hands them back. A text that is none is answered with
// MooringException.BadInput.

/** Names a case. */
@JvmInline
public value class CaseId(
    /** Its text form, to be stored or compared, not read. */
    public val text: String,
) {
    override fun toString(): String = text
}

/** Names an assessment: one administration of one protocol version. */
@JvmInline
public value class AssessmentId(
    /** Its text form, to be stored or compared, not read. */
    public val text: String,
) {
    override fun toString(): String = text
}

/** Names a record of a case: advice, a judgment, a settlement, a review. */
@JvmInline
public value class RecordId(
    /** Its text form, to be stored or compared, not read. */
    public val text: String,
) {
    override fun toString(): String = text
}

/** Names a change, and with its place the value that it wrote. */
@JvmInline
public value class ChangeId(
    /** Its text form, to be stored or compared, not read. */
    public val text: String,
) {
    override fun toString(): String = text
}

/** Names a person of the agency. */
@JvmInline
public value class PersonId(
    /** Its text form, to be stored or compared, not read. */
    public val text: String,
) {
    override fun toString(): String = text
}

/** Names one exact version of a protocol. */
@JvmInline
public value class ProtocolHash(
    /** Its text form, to be stored or compared, not read. */
    public val text: String,
) {
    override fun toString(): String = text
}

/** Where an answer stands in its assessment, as a step or a place gives it. */
@JvmInline
public value class AnswerPath(
    /** Its text form, to be stored or compared, not read. */
    public val text: String,
) {
    override fun toString(): String = text
}
