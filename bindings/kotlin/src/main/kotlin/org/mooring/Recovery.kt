package org.mooring

/**
 * Asks the agency's two custodians, with the vault locked, to open it: where the PIN is forgotten or blocked, or this phone's keystore
 * has lost its key. Nothing changes by asking.
 *
 * Carry [RecoveryQuestion.request] to both, the first one first, and read them [RecoveryQuestion.words] by voice. Keep the question
 * until their answer: it alone opens that.
 *
 * @throws MooringException.Vault with [WontOpen.NOT_SET_UP] where the agency has not named any.
 */
public suspend fun Phone.beginRecovery(): RecoveryQuestion = call { blocking.beginRecovery() }

/**
 * Opens the vault with the custodians' answer, under a new PIN. No finger opens it until that is allowed again.
 *
 * @param question the one that was answered.
 * @param pin the new one's bytes; they are wiped, whatever happens.
 * @throws MooringException.Refused where it is the answer to another question.
 */
public suspend fun Phone.finishRecovery(question: RecoveryQuestion, answer: ByteArray, pin: ByteArray): PhoneState =
    lending(pin) { blocking.finishRecovery(question, answer, it) }

/**
 * Whether the open vault is older than what this phone has seen, and HQ has not said yet what it has. Say so on the screen: until the
 * next whole exchange, what was captured since may be missing here.
 */
public suspend fun Phone.restored(): Boolean = call { blocking.restored() }

/**
 * Destroys the open vault, on its person's word. What HQ lacks stays sealed, and [sendSealed] sends it; where it can't be sealed,
 * nothing is destroyed. A wrong PIN is a try like any other.
 *
 * @param pin its bytes; they are wiped, whatever happens.
 * @return how many changes HQ does not have.
 */
public suspend fun Phone.wipe(pin: ByteArray): Long = lending(pin) { blocking.wipe(it) }
