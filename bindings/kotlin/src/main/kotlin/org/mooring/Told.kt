package org.mooring

import java.time.Instant

/**
 * How an answer came to be told. What nobody states is left out.
 *
 * @param saidBy where it comes from.
 * @param askedBy who asked, where that is not whoever enters it.
 * @param language the language of the wording that was used, as a BCP 47 tag.
 * @param saidAt when it was said, where it is entered later.
 */
public fun told(saidBy: SaidBy? = null, askedBy: String? = null, language: String? = null, saidAt: Instant? = null): Told =
    Told(saidBy, askedBy, language, saidAt?.epochSecond)

/** When it was said, where that was stated. */
public val Told.saidAt: Instant?
    get() = saidAtS?.let(Instant::ofEpochSecond)
