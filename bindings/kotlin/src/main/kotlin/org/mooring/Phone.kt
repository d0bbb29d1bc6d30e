package org.mooring

import java.nio.file.Path
import java.nio.file.Paths
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.channels.awaitClose
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.callbackFlow
import kotlinx.coroutines.flow.conflate
import kotlinx.coroutines.flow.flowOn
import kotlinx.coroutines.flow.transform
import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.withContext

/**
 * One phone: a folder with its vault, locked or open.
 *
 * Every function waits on [dispatcher] and returns once what it did is on disk; it may be called from any thread. What goes
 * wrong is a [MooringException], whose kind says what to do next and whose code a help desk asks for.
 *
 * @param folder where the vault is or will be.
 * @param keystore the platform's keystore; [SoftwareKeystore] is for trying out.
 * @param watch the platform's clocks.
 * @param carrier carries bytes to HQ.
 * @param dispatcher where calls wait; they block its threads for as long as a disk or a key derivation takes.
 */
public class Phone(
    folder: Path,
    keystore: Keystore,
    watch: Watch = platformWatch(),
    internal val carrier: Carrier = platformCarrier(),
    internal val dispatcher: CoroutineDispatcher = Dispatchers.IO,
) : AutoCloseable {
    internal val blocking: BlockingPhone = BlockingPhone(folder.toString(), keystore, watch)

    internal val exchanging: Mutex = Mutex()

    /** Whether the vault is open, now and whenever that changes. */
    public val state: Flow<PhoneState> = watching({ it is Changed.State }) { blocking.state() }

    /**
     * Makes a vault in the folder, where there may be none, and opens it.
     *
     * @param pin its bytes; they are wiped, whatever happens.
     */
    public suspend fun create(pin: ByteArray): PhoneState = lending(pin) { blocking.create(it) }

    /**
     * Opens the vault.
     *
     * @param pin its bytes; they are wiped, whatever happens.
     * @throws MooringException.WrongPin with the tries that are left.
     */
    public suspend fun unlock(pin: ByteArray): PhoneState = lending(pin) { blocking.unlock(it) }

    /** Closes the vault and forgets what was read from it. */
    public suspend fun lock(): PhoneState = call { blocking.lock() }

    /**
     * Renames the folder whole. Only a person may decide that; nothing is deleted.
     *
     * @return its new place.
     */
    public suspend fun setAside(): Path = call { Paths.get(blocking.setAside()) }

    /**
     * Lets time pass: locks the vault if nobody touched it for two minutes, and says what is due. Call it twice a minute, and
     * when the app comes back to the front.
     */
    public suspend fun tick(): Tick = call { blocking.tick() }

    /** From now on questions and options come in this [language] (`es`), as far as a protocol has it. */
    public suspend fun useLanguage(language: String): Unit = call { blocking.useLanguage(language) }

    /** Lets the native object go; a vault that is still open is locked. */
    override fun close(): Unit = blocking.close()

    internal suspend fun <T> call(verb: () -> T): T = withContext(dispatcher) { verb() }

    internal suspend fun <T> lending(pin: ByteArray, verb: (Pin) -> T): T =
        try {
            call { lendingHere(pin, verb) }
        } finally {
            // Also where it never came to the call.
            pin.fill(0)
        }

    /** What [read] gives, now and after each change that is [wanted]; while the phone is locked, nothing. */
    internal fun <T> watching(wanted: (Changed) -> Boolean, read: () -> T): Flow<T> =
        callbackFlow {
            val number = blocking.listen(Telling { if (wanted(it)) trySend(Unit) })
            trySend(Unit)
            awaitClose { blocking.stopListening(number) }
        }.conflate().transform { readOrNothing(read)?.let { emit(it) } }.flowOn(dispatcher)
}

/** The bytes cross one at a time, so that no buffer of the language border holds them; then they are wiped. */
internal fun <T> lendingHere(pin: ByteArray, verb: (Pin) -> T): T =
    try {
        Pin().use { crossing ->
            pin.forEach(crossing::push)
            verb(crossing)
        }
    } finally {
        pin.fill(0)
    }

private class Telling(private val tell: (Changed) -> Unit) : Listener {
    override fun changed(what: Changed) = tell(what)
}

private fun <T> readOrNothing(read: () -> T): T? =
    try {
        read()
    } catch (_: MooringException.Locked) {
        null
    }
