package org.mooring

import java.io.IOException
import kotlinx.coroutines.sync.withLock

/** How many changes are on this phone only, locked or not. Nothing where no vault has said anything yet. */
public suspend fun Phone.onlyHere(): Long? = call { blocking.onlyHere() }

/**
 * Sends HQ what lies sealed for it, while the vault is locked, set aside or gone: neither a PIN nor the keystore's secret is needed.
 *
 * Where the link breaks nothing is lost: [SealedSent.finished] is false, and the next call goes on. Only HQ's signed word takes away
 * what is here.
 *
 * @throws MooringException.Refused where the answer is not HQ's.
 */
public suspend fun Phone.sendSealed(): SealedSent = exchanging.withLock {
    var changes = 0L
    var wiped = false
    do {
        val request = call { blocking.outboxRequest() } ?: break
        val reply = try {
            carrying { it.carry(request) }
        } catch (_: IOException) {
            return@withLock SealedSent(changes, wiped, finished = false)
        }
        val answered = call { blocking.outboxReply(reply) }
        changes += answered.named
        wiped = wiped || answered.wiped
    } while (answered.more)
    SealedSent(changes, wiped, finished = true)
}

/**
 * What sending came to.
 *
 * @param changes how many changes HQ says that it holds.
 * @param wiped whether the vault was destroyed now, on HQ's order.
 * @param finished whether everything was sent. If not, the next call goes on where this one ended.
 */
public data class SealedSent(val changes: Long, val wiped: Boolean, val finished: Boolean)
