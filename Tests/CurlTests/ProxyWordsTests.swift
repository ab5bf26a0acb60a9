import Testing

@testable import Curl

/// Whatever libcurl says of a proxy, its password is nobody's business.
@Suite struct ProxyWordsTests {
    private func error(_ code: Int32, _ words: String) -> CurlError {
        CurlError(CurlError.Code(rawValue: code), words: words, operation: "GET https://host/path")
    }

    @Test func aProxyThatIsNoAddressIsNeitherRepeatedNorAskedAgain() {
        let wrong = error(5, "Unsupported proxy syntax in 'http://user:pa/ssgeheim@host:3128': Bad scheme")
        #expect(wrong.code == .badProxy && !wrong.isTransient)
        #expect(wrong.detail.contains("percent-encoded") && !wrong.description.contains("geheim") && !wrong.description.contains("user"))
    }

    @Test func aProxyThatCannotBeFoundIsAskedAgainAndNotNamed() {
        // A '#' in a password makes its end a host's name.
        let unknown = error(5, "Could not resolve proxy: eim")
        #expect(unknown.isTransient && !unknown.detail.contains("eim") && unknown.detail.contains("proxy"))
        #expect(error(97, "proxy says geheim").detail.contains("geheim") == false)
    }

    @Test(arguments: [
        "Unsupported proxy scheme for 'ftp://user:geheim@host'", "Unsupported proxy 'https://geheim', libcurl is built without",
    ])
    func aProxyOfAKindThatIsNotKnownIsNotAskedAgainEither(words: String) {
        #expect(error(7, words).code == .badProxy && !error(7, words).description.contains("geheim"))
    }

    @Test(arguments: ["Proxy user:geheim@host is gone", "cannot use the proxy socks9://geheim"])
    func otherWordsWithAProxysAddressAreLeftOut(words: String) {
        #expect(!error(7, words).description.contains("geheim") && error(7, words).isTransient)
    }

    @Test func wordsThatHoldNoAddressStay() {
        #expect(error(56, "Received HTTP code 407 from proxy after CONNECT").detail == "Received HTTP code 407 from proxy after CONNECT")
        #expect(error(7, "Failed to connect to host port 1").detail == "Failed to connect to host port 1")
    }
}
