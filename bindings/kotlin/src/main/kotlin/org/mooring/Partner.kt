package org.mooring

/**
 * Makes a token to show to a partner's phone, as bytes or as a row of codes ([qrParts]): good once, and for ten minutes. Anybody may see
 * it; what answers it can be opened by this phone only.
 */
public suspend fun Phone.partnerToken(): ByteArray = call { blocking.partnerToken() }

/**
 * Whose phone shows this token. Ask the responder whether that is who stands there before anything is given.
 *
 * @throws MooringException.Refused where it is no token of this agency's phones.
 */
public suspend fun Phone.partnerOf(token: ByteArray): Partner = call { blocking.partnerOf(token) }

/**
 * Seals a case to the phone that showed this token. The case says to whom it was given.
 *
 * @throws MooringException.Forbidden where this phone does not hold the case in full.
 */
public suspend fun Phone.giveToPartner(case: CaseId, token: ByteArray): GivenToPartner =
    call { blocking.giveToPartner(case, token) }

/**
 * Takes a bundle that answers a token of this phone. The case is not at HQ by that: the screen says so until HQ's own word.
 *
 * @throws MooringException.Refused with [NotTaken.TOKEN] where the token is over or used: show a new one.
 */
public suspend fun Phone.takeFromPartner(bundle: ByteArray): TakenFromPartner = call { blocking.takeFromPartner(bundle) }
