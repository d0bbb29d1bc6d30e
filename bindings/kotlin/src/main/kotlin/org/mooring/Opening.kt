package org.mooring

/** Opens the vault by a finger or face, which the keystore asks for, where that was allowed. */
public suspend fun Phone.unlockBiometric(): PhoneState = call { blocking.unlockBiometric() }

/**
 * Opens a vault that is older than what this phone has seen ([WontOpen.ROLLED_BACK]), after the person was told that something is
 * missing. The next exchange brings back what HQ has.
 *
 * @param pin its bytes; they are wiped, whatever happens.
 */
public suspend fun Phone.unlockOlder(pin: ByteArray): PhoneState = lending(pin) { blocking.unlockOlder(it) }

/**
 * Lets a finger or face open the vault from now on, if this is its PIN.
 *
 * @param pin its bytes; they are wiped, whatever happens.
 */
public suspend fun Phone.allowBiometric(pin: ByteArray): Unit = lending(pin) { blocking.allowBiometric(it) }

/** Lets only the PIN open it from now on. */
public suspend fun Phone.forbidBiometric(): Unit = call { blocking.forbidBiometric() }

/** Whether a finger or face opens it. */
public suspend fun Phone.allowsBiometric(): Boolean = call { blocking.allowsBiometric() }

/** Another PIN, if [old] is the present one. The bytes of both are wiped, whatever happens. */
public suspend fun Phone.changePin(old: ByteArray, new: ByteArray): Unit =
    lending(old) { present -> lendingHere(new) { blocking.changePin(present, it) } }

/** The app hands over to the phone's own dialer: until [endCall], time does not lock. */
public suspend fun Phone.beginCall(): Unit = call { blocking.beginCall() }

/** The person is back from the call. */
public suspend fun Phone.endCall(): Unit = call { blocking.endCall() }

/** What may be read now. A phone to which HQ has given no lease yet reads everything. */
public suspend fun Phone.mayRead(): MayRead = call { blocking.mayRead() }

/** Opens one case of before for four hours, with a reason: written into the case, so that HQ hears of it. */
public suspend fun Phone.breakGlass(case: CaseId, reason: String): Unit = call { blocking.breakGlass(case, reason) }

/** The name and the hazards of a case held in standby: they need no broken glass. */
public suspend fun Phone.standbyCard(case: CaseId): StandbyCard = call { blocking.standbyCard(case) }

/** Everybody in HQ's directory, by name. */
public suspend fun Phone.colleagues(): List<Colleague> = call { blocking.colleagues() }

/** Adds somebody of HQ's directory to the team of a case: HQ gives it to their phones when it hears of it. */
public suspend fun Phone.addToTeam(case: CaseId, person: PersonId): Unit = call { blocking.addToTeam(case, person) }

/** Closes a case, in words that say how it ended; whatever is entered afterwards opens it again. */
public suspend fun Phone.closeCase(case: CaseId, how: String): Unit = call { blocking.closeCase(case, how) }
