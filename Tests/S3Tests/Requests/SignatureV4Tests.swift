import Curl
import Foundation
import Testing

@testable import S3

/// Requests and signatures as Amazon published them: the `aws-sig-v4-test-suite`, and the examples of S3's documentation.
@Suite struct SignatureV4Tests {
    /// The suite's request: always this host, key and moment.
    func suite(
        _ method: String, _ path: String = "/", _ query: [(String, String)] = [], _ headers: [(String, String)] = [], body: String = "",
        token: String? = nil
    ) throws -> String {
        let credentials = S3Credentials(
            accessKey: "AKIDEXAMPLE", secretKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", sessionToken: token)
        let time = try #require(AmazonTime.parseISO("2015-08-30T12:36:00Z"))
        let signer = SignatureV4(credentials: credentials, region: "us-east-1", service: "service", time: time)
        let all = [("Host", "example.amazonaws.com")] + headers
        let added = signer.headers(
            method: method, path: path, query: query.map { (name: $0.0, value: $0.1) }, headers: all.map { HTTPField($0.0, $0.1) },
            payloadHash: Digest.hexSHA256(Array(body.utf8)))
        return try signature(added)
    }

    func signature(_ headers: [HTTPField]) throws -> String {
        let value = try #require(headers.first { $0.name == "authorization" }?.value)
        return String(try #require(value.split(separator: "=").last))
    }

    @Test func getVanilla() throws {
        #expect(try suite("GET") == "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31")
    }

    @Test func postVanilla() throws {
        #expect(try suite("POST") == "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b")
    }

    @Test func getVanillaQueryOrderKeyCase() throws {
        #expect(
            try suite("GET", "/", [("Param2", "value2"), ("Param1", "value1")])
                == "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500")
    }

    @Test func getVanillaQueryUnreserved() throws {
        let all = "-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
        #expect(try suite("GET", "/", [(all, all)]) == "9c3e54bfcdf0b19771a7f523ee5669cdf59bc7cc0884027167c21bb143a40197")
    }

    @Test func getUTF8() throws {
        #expect(URIEncoding.encodePath("/ሴ") == "/%E1%88%B4")
        #expect(
            try suite("GET", URIEncoding.encodePath("/ሴ")) == "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85")
    }

    @Test func getHeaderValueTrim() throws {
        let headers = [("My-Header1", " value1"), ("My-Header2", " \"a   b   c\"")]
        #expect(try suite("GET", "/", [], headers) == "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736")
    }

    @Test func postFormURLEncoded() throws {
        let headers = [("Content-Type", "application/x-www-form-urlencoded")]
        #expect(
            try suite("POST", "/", [], headers, body: "Param1=value1")
                == "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a")
    }

    /// A request of S3's documentation: its own key, moment and bucket.
    func documented(
        _ method: String, _ path: String, _ query: [(String, String)] = [], _ headers: [(String, String)] = [], body: String = ""
    ) throws -> String {
        let credentials = S3Credentials(accessKey: "AKIAIOSFODNN7EXAMPLE", secretKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
        let time = try #require(AmazonTime.parseISO("2013-05-24T00:00:00.000Z"))
        let hash = Digest.hexSHA256(Array(body.utf8))
        let all = [("host", "examplebucket.s3.amazonaws.com"), ("x-amz-content-sha256", hash)] + headers
        let added = SignatureV4(credentials: credentials, region: "us-east-1", time: time).headers(
            method: method, path: path, query: query.map { (name: $0.0, value: $0.1) }, headers: all.map { HTTPField($0.0, $0.1) },
            payloadHash: hash)
        #expect(added.contains(HTTPField("x-amz-date", "20130524T000000Z")))
        return try signature(added)
    }

    @Test func getObject() throws {
        #expect(
            try documented("GET", "/test.txt", [], [("Range", "bytes=0-9")])
                == "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41")
    }

    @Test func putObject() throws {
        let headers = [("Date", "Fri, 24 May 2013 00:00:00 GMT"), ("x-amz-storage-class", "REDUCED_REDUNDANCY")]
        #expect(
            try documented("PUT", URIEncoding.encodePath("/test$file.text"), [], headers, body: "Welcome to Amazon S3.")
                == "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd")
    }

    @Test func getBucketLifecycle() throws {
        #expect(
            try documented("GET", "/", [("lifecycle", "")]) == "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543")
    }

    @Test func listObjects() throws {
        #expect(
            try documented("GET", "/", [("max-keys", "2"), ("prefix", "J")])
                == "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7")
    }

    @Test func aTokenIsSentAndSigned() throws {
        let credentials = S3Credentials(accessKey: "A", secretKey: "B", sessionToken: "token")
        let added = SignatureV4(credentials: credentials, region: "r", time: Date(timeIntervalSince1970: 0)).headers(
            method: "GET", path: "/", query: [], headers: [HTTPField("host", "h")], payloadHash: Digest.emptySHA256)
        #expect(added.contains(HTTPField("x-amz-security-token", "token")))
        #expect(added.last?.value.contains("SignedHeaders=host;x-amz-date;x-amz-security-token,") == true)
    }

    @Test func credentialsThatArePrintedShowNoSecret() {
        let credentials = S3Credentials(accessKey: "AKID", secretKey: "geheim", sessionToken: "verborgen")
        var dumped = ""
        dump(credentials, to: &dumped)
        for text in ["\(credentials)", String(reflecting: credentials), dumped, "\([credentials])"] {
            #expect(!text.contains("geheim") && !text.contains("verborgen"))
        }
    }
}
