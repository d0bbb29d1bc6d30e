package org.mooring

import java.io.IOException

/**
 * Carries bytes to HQ: the only part of the package that opens a connection, and an app's to replace, as by OkHttp on Android.
 *
 * Both calls may block their thread, and should give up when it is interrupted.
 */
public interface Carrier {
    /**
     * Fetches HQ's root by GET. Nobody is trusted yet, so any certificate will do: the core checks what comes back against the
     * fingerprint of the enrolment code. Nothing secret may be sent.
     *
     * @throws IOException where there is no link.
     */
    @Throws(IOException::class)
    public fun fetchRoot(url: String): ByteArray

    /**
     * Carries a request by POST as `application/octet-stream`, over TLS 1.3, trusting [Request.authority] and no other
     * authority, and gives the answer's body whatever its status.
     *
     * @throws IOException where the link broke.
     */
    @Throws(IOException::class)
    public fun carry(request: Request): ByteArray
}
