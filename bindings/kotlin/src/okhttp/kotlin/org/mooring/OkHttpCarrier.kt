package org.mooring

import java.io.ByteArrayInputStream
import java.security.KeyStore
import java.security.SecureRandom
import java.security.cert.CertificateFactory
import java.security.cert.X509Certificate
import java.time.Duration
import javax.net.ssl.SSLContext
import javax.net.ssl.TrustManagerFactory
import javax.net.ssl.X509TrustManager
import okhttp3.ConnectionSpec
import okhttp3.MediaType.Companion.toMediaType
import okhttp3.OkHttpClient
import okhttp3.RequestBody.Companion.toRequestBody
import okhttp3.TlsVersion

/**
 * Carries by OkHttp, as on Android.
 *
 * @param patience how long one request may take.
 */
public class OkHttpCarrier(private val patience: Duration = Duration.ofSeconds(60)) : Carrier {
    private var pinned: Pair<List<Byte>, OkHttpClient>? = null

    override fun fetchRoot(url: String): ByteArray =
        body(client(Anyone).hostnameVerifier { _, _ -> true }.build(), okhttp3.Request.Builder().url(url))

    override fun carry(request: Request): ByteArray =
        body(pinnedTo(request.authority), okhttp3.Request.Builder().url(request.url).post(request.body.toRequestBody(OCTETS)))

    private fun body(client: OkHttpClient, request: okhttp3.Request.Builder): ByteArray =
        client.newCall(request.build()).execute().use { it.body.bytes() }

    /** The same connections as long as it is the same authority. */
    @Synchronized
    private fun pinnedTo(authority: ByteArray): OkHttpClient {
        val known = pinned
        if (known != null && known.first == authority.asList()) return known.second
        return client(trustingOnly(authority)).build().also { pinned = authority.toList() to it }
    }

    private fun client(trust: X509TrustManager): OkHttpClient.Builder {
        val context = SSLContext.getInstance("TLS").apply { init(null, arrayOf(trust), SecureRandom()) }
        return OkHttpClient.Builder()
            .sslSocketFactory(context.socketFactory, trust)
            .connectionSpecs(listOf(ConnectionSpec.Builder(ConnectionSpec.MODERN_TLS).tlsVersions(TlsVersion.TLS_1_3).build()))
            .followRedirects(false)
            .followSslRedirects(false)
            .connectTimeout(CONNECT_PATIENCE)
            .callTimeout(patience)
    }

    private fun trustingOnly(authority: ByteArray): X509TrustManager {
        val certificate = CertificateFactory.getInstance("X.509").generateCertificate(ByteArrayInputStream(authority))
        val store = KeyStore.getInstance(KeyStore.getDefaultType()).apply {
            load(null, null)
            setCertificateEntry("hq", certificate)
        }
        val factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm())
        return factory.apply { init(store) }.trustManagers.filterIsInstance<X509TrustManager>().first()
    }

    private companion object {
        val OCTETS = "application/octet-stream".toMediaType()
        val CONNECT_PATIENCE: Duration = Duration.ofSeconds(10)
    }
}

/** Trusts whoever answers: for the root alone, which the enrolment code's fingerprint checks. */
private object Anyone : X509TrustManager {
    override fun checkClientTrusted(chain: Array<X509Certificate>, type: String) = Unit

    override fun checkServerTrusted(chain: Array<X509Certificate>, type: String) = Unit

    override fun getAcceptedIssuers(): Array<X509Certificate> = emptyArray()
}
