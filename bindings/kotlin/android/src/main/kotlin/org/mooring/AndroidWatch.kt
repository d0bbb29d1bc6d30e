package org.mooring

import android.os.SystemClock
import java.io.File

/** The clocks of an Android phone; sleep counts. */
public object AndroidWatch : Watch {
    private val boot: String by lazy { bootId() }

    override fun read(): Reading = Reading(System.currentTimeMillis(), SystemClock.elapsedRealtime(), boot)

    /** Where the kernel does not tell, this process stands for the start of the phone: times are then compared less far. */
    private fun bootId(): String =
        runCatching { File("/proc/sys/kernel/random/boot_id").readText().trim() }
            .getOrElse { "process ${java.util.UUID.randomUUID()}" }
}
