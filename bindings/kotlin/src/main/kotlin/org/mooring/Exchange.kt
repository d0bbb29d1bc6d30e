package org.mooring

import java.io.IOException
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.runInterruptible
import kotlinx.coroutines.sync.withLock
import kotlinx.coroutines.withContext

/**
 * Joins an agency with a code that was typed or scanned.
 *
 * @throws IOException where there is no link: the code can be used again.
 * @throws MooringException.Refused where this is not the code's HQ, or HQ does not take the code.
 */
public suspend fun Phone.enrol(code: String): Me {
    val root = carrying { it.fetchRoot(rootAddress(code)) }
    val request = call { blocking.beginEnrolment(code, root) }
    val reply = carrying { it.carry(request) }
    return call { blocking.finishEnrolment(reply) }
}

/** Who uses this phone, once it is enrolled. */
public suspend fun Phone.me(): Me = call { blocking.me() }

/**
 * Exchanges with HQ: sends what HQ lacks, fetches what this phone may hold. One at a time; a second one waits.
 *
 * Where the link breaks, or this is cancelled, nothing is lost: [Exchanged.finished] is false, and the next exchange goes on.
 *
 * @param progress hears how far it is, after each answer and on the dispatcher's thread.
 */
public suspend fun Phone.exchange(progress: (ExchangeProgress) -> Unit = {}): Exchanged = exchanging.withLock {
    var next = call { blocking.beginExchange(Hearing(progress)) }
    while (next is Carry.Send) {
        val reply = replyOrNothing(next.request)
        next = call { if (reply == null) blocking.exchangeCut() else blocking.exchangeReply(reply) }
    }
    (next as Carry.Done).exchanged
}

private class Hearing(private val tell: (ExchangeProgress) -> Unit) : ProgressListener {
    override fun progressed(soFar: ExchangeProgress) = tell(soFar)
}

/** The answer, or nothing where the link broke. */
private suspend fun Phone.replyOrNothing(request: Request): ByteArray? =
    try {
        carrying { it.carry(request) }
    } catch (_: IOException) {
        null
    } catch (cancelled: CancellationException) {
        withContext(NonCancellable) { call { blocking.exchangeCut() } }
        throw cancelled
    }

internal suspend fun <T> Phone.carrying(verb: (Carrier) -> T): T = runInterruptible(dispatcher) { verb(carrier) }
