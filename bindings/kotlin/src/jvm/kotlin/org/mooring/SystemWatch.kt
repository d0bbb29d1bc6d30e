package org.mooring

import java.nio.file.Files
import java.nio.file.Path
import kotlin.io.path.exists

/**
 * The clocks of a desktop machine. On Android hand in one that reads `SystemClock.elapsedRealtime()` and the boot count,
 * because `System.nanoTime()` stands still while a phone sleeps.
 */
public object SystemWatch : Watch {
    private val boot: String by lazy { bootId() }

    override fun read(): Reading = Reading(System.currentTimeMillis(), System.nanoTime() / NANOS_PER_MILLI, boot)

    private fun bootId(): String {
        val file = Path.of("/proc/sys/kernel/random/boot_id")
        return if (file.exists()) Files.readString(file).trim() else "this process began ${ProcessHandle.current().info().startInstant()}"
    }

    private const val NANOS_PER_MILLI = 1_000_000L
}
