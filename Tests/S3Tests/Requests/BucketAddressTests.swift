import MediaModel
import Testing

@testable import S3

@Suite struct BucketAddressTests {
    @Test func readersFindABucketOnlyAtItsOwnRegion() throws {
        var settings = S3Settings(bucket: "films")
        let address = try BucketAddress(settings, region: "us-east-1")
        #expect(address.isReached(settings, region: "us-east-1"))
        #expect(!address.isReached(settings, region: "eu-west-1"))
        // A server of one's own has one address, whatever it calls its region.
        settings.endpoint = "https://minio.example.com"
        #expect(try BucketAddress(settings, region: "us-east-1").isReached(settings, region: "eu-west-1"))
    }

    func url(_ settings: S3Settings, region: String = "eu-central-1", key: String = "a b/ü+c") throws -> String {
        try BucketAddress(settings, region: region).url(key)
    }

    @Test func amazonByHost() throws {
        let expected = "https://films.s3.eu-central-1.amazonaws.com/a%20b/%C3%BC%2Bc"
        #expect(try url(S3Settings(bucket: "films")) == expected)
        #expect(try url(S3Settings(bucket: "films"), region: "cn-north-1").contains("s3.cn-north-1.amazonaws.com.cn/"))
    }

    @Test func whoseRegionItIs() {
        var settings = S3Settings(bucket: "films")
        settings.region = "eu-west-1"
        #expect(BucketAddress.amazonRegion(settings) == "eu-west-1")
        settings.endpoint = "https://bucket.vpce-1.s3.eu-west-1.vpce.amazonaws.com"
        #expect(BucketAddress.amazonRegion(settings) == "eu-west-1")
        settings.endpoint = "https://minio.example.com:9000"
        #expect(BucketAddress.amazonRegion(settings) == nil)
    }

    @Test func aNameWithDotsGoesByPathForTheCertificatesSake() throws {
        #expect(try url(S3Settings(bucket: "my.films"), key: "k") == "https://s3.eu-central-1.amazonaws.com/my.films/k")
    }

    @Test(arguments: ["Films", "old_films"]) func aNameThatNoHostHasGoesByPath(_ bucket: String) throws {
        #expect(try url(S3Settings(bucket: bucket), key: "k") == "https://s3.eu-central-1.amazonaws.com/\(bucket)/k")
        #expect(try url(S3Settings(bucket: "films-2"), key: "k") == "https://films-2.s3.eu-central-1.amazonaws.com/k")
    }

    @Test func anEndpointOfAnotherGoesByPathUnlessSaidOtherwise() throws {
        var settings = S3Settings(bucket: "films")
        settings.endpoint = "http://127.0.0.1:9000/"
        #expect(try url(settings, key: "k") == "http://127.0.0.1:9000/films/k")
        settings.addressing = .host
        settings.endpoint = "https://storage.example:443"
        #expect(try url(settings, key: "k") == "https://films.storage.example/k")
    }

    @Test(arguments: [
        "storage.example", "ftp://storage.example", "https://", "https://h/path", "https://user:pw@h", "https://h?x", "https://h:0",
        "https://h:65536", "https://h%0Ax", "https://h%2Fx",
    ])
    func anEndpointThatIsNoneIsRefused(_ endpoint: String) {
        var settings = S3Settings(bucket: "films")
        settings.endpoint = endpoint
        #expect(throws: TransferError.self) { try url(settings) }
    }

    @Test(arguments: ["https://user:geheim@h", "https://user:geh?eim@h", "user:geheim@h", "https://user:gehe im@h"])
    func aPasswordInAnEndpointIsNeverRepeated(_ endpoint: String) {
        var settings = S3Settings(bucket: "films")
        settings.endpoint = endpoint
        let error = #expect(throws: TransferError.self) { try url(settings) }
        #expect(error?.description.contains("geh") == false && error?.description.contains("user") == false)
    }

    @Test func aHostThatARedirectNames() throws {
        var settings = S3Settings(bucket: "films")
        settings.endpoint = "https://s3.amazonaws.com"
        let byPath = try BucketAddress(settings, region: "r")
        #expect(
            byPath.moved(to: "films.s3.eu-west-1.amazonaws.com", bucket: "films").url("a/k")
                == "https://films.s3.eu-west-1.amazonaws.com/a/k")
        #expect(
            byPath.moved(to: "s3.eu-west-1.amazonaws.com", bucket: "films").url("a/k") == "https://s3.eu-west-1.amazonaws.com/films/a/k")
        let byHost = try BucketAddress(S3Settings(bucket: "films"), region: "r")
        #expect(byHost.moved(to: "s3.eu-west-1.amazonaws.com", bucket: "films").url("k") == "https://s3.eu-west-1.amazonaws.com/films/k")
        // No certificate covers this name.
        let dotted = byPath.moved(to: "my.films.s3.eu-west-1.amazonaws.com", bucket: "my.films")
        #expect(dotted.url("k") == "https://s3.eu-west-1.amazonaws.com/my.films/k")
    }

    @Test func theBucketItself() throws {
        var settings = S3Settings(bucket: "films")
        #expect(try BucketAddress(settings, region: "r").target("") == "/")
        settings.addressing = .path
        #expect(try BucketAddress(settings, region: "r").target("") == "/films")
    }
}
