package org.mooring

import java.io.ByteArrayInputStream
import java.net.Socket
import java.net.URI
import java.net.http.HttpClient
import java.net.http.HttpRequest
import java.net.http.HttpResponse.BodyHandlers
import java.security.KeyStore
import java.security.cert.CertificateFactory
import java.security.cert.X509Certificate
import java.time.Duration
import javax.net.ssl.SSLContext
import javax.net.ssl.SSLEngine
import javax.net.ssl.SSLParameters
import javax.net.ssl.TrustManager
import javax.net.ssl.TrustManagerFactory
import javax.net.ssl.X509ExtendedTrustManager

/**
 * Carries by `java.net.http`, which Android lacks.
 *
 * @param patience how long one request may take.
 */
public class HttpClientCarrier(private val patience: Duration = Duration.ofSeconds(60)) : Carrier {
    private var pinned: Pair<List<Byte>, HttpClient>? = null

    override fun fetchRoot(url: String): ByteArray = body(client(arrayOf(Anybody)), HttpRequest.newBuilder().GET(), url)

    override fun carry(request: Request): ByteArray {
        val post = HttpRequest.newBuilder()
            .header("content-type", "application/octet-stream")
            .POST(HttpRequest.BodyPublishers.ofByteArray(request.body))
        return body(pinnedTo(request.authority), post, request.url)
    }

    private fun body(client: HttpClient, request: HttpRequest.Builder, url: String): ByteArray =
        client.send(request.uri(URI.create(url)).timeout(patience).build(), BodyHandlers.ofByteArray()).body()

    /** The same connections as long as it is the same authority. */
    @Synchronized
    private fun pinnedTo(authority: ByteArray): HttpClient {
        val known = pinned
        if (known != null && known.first == authority.asList()) return known.second
        return client(trustingOnly(authority)).also { pinned = authority.toList() to it }
    }

    private fun client(trust: Array<TrustManager>): HttpClient =
        HttpClient.newBuilder()
            .sslContext(SSLContext.getInstance("TLS").apply { init(null, trust, null) })
            .sslParameters(SSLParameters().apply { protocols = arrayOf("TLSv1.3") })
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(CONNECT_PATIENCE)
            .build()

    private fun trustingOnly(authority: ByteArray): Array<TrustManager> {
        val certificate = CertificateFactory.getInstance("X.509").generateCertificate(ByteArrayInputStream(authority))
        val store = KeyStore.getInstance(KeyStore.getDefaultType()).apply {
            load(null, null)
            setCertificateEntry("hq", certificate)
        }
        val factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm())
        return factory.apply { init(store) }.trustManagers
    }

    private companion object {
        val CONNECT_PATIENCE: Duration = Duration.ofSeconds(10)
    }
}

/** Trusts whoever answers: for the root alone, which the enrolment code's fingerprint checks. */
private object Anybody : X509ExtendedTrustManager() {
    override fun checkClientTrusted(chain: Array<X509Certificate>, type: String, socket: Socket) = Unit

    override fun checkServerTrusted(chain: Array<X509Certificate>, type: String, socket: Socket) = Unit

    override fun checkClientTrusted(chain: Array<X509Certificate>, type: String, engine: SSLEngine) = Unit

    override fun checkServerTrusted(chain: Array<X509Certificate>, type: String, engine: SSLEngine) = Unit

    override fun checkClientTrusted(chain: Array<X509Certificate>, type: String) = Unit

    override fun checkServerTrusted(chain: Array<X509Certificate>, type: String) = Unit

    override fun getAcceptedIssuers(): Array<X509Certificate> = emptyArray()
}
