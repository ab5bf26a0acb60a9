import MediaModel
import Testing

@Suite struct RemoteAddressTests {
    @Test(arguments: ["masters/a.mov", "/m/a.mov", "Film: the sequel.mov", "C:/films/a.mov", "s3:/a/b", "ftp://h/a.mov"])
    func pathsAreNone(text: String) {
        #expect(!RemoteAddress.isRemote(text) && RemoteAddress(text) == nil)
    }

    @Test func addressesKeepWhatTheyName() {
        #expect(RemoteAddress("s3://films/a b/ä?.mov") == .object(bucket: "films", key: "a b/ä?.mov"))
        #expect(RemoteAddress("s3://films/a b/ä?.mov")?.shown == "s3://films/a b/ä?.mov")
        let signed = RemoteAddress("https://host:8080/a/film.mov?X-Signature=secret")
        #expect(signed == .web("https://host:8080/a/film.mov?X-Signature=secret"))
        #expect(signed?.shown == "https://host:8080/a/film.mov")
        #expect(signed?.name == "film.mov")
        #expect(RemoteAddress.shown("masters/a?b.mov") == "masters/a?b.mov")
    }

    @Test(arguments: ["https://me:secret@host/a/b/?X-Signature=secret", "http://host/?secret", "https://host/a b?secret"])
    func aWrongAddressIsShownWithoutItsSecretsToo(text: String) {
        #expect(!RemoteAddress.shown(text).contains("secret") && RemoteAddress.shown(text).contains("://host/"))
    }

    @Test func aSignatureIsNoPartOfWhatAFileIsCalled() {
        func isSame(_ one: String, _ other: String) -> Bool {
            RemoteAddress("https://host/a.mov\(one)") == RemoteAddress("https://host/a.mov\(other)")
        }
        #expect(isSame("?X-Amz-Signature=1&X-Amz-Expires=60", "?X-Amz-Signature=2"))
        #expect(isSame("?Expires=1&Signature=1&Key-Pair-Id=1", ""))
        #expect(isSame("?versionId=7&x-goog-signature=1", "?versionId=7"))
        #expect(!isSame("?versionId=7", "?versionId=8") && !isSame("?id=1", ""))
        #expect(RemoteAddress("https://host/a.mov?a=1&Signature=x")?.text == "https://host/a.mov?a=1")
        #expect(RemoteAddress("s3://films/a?Signature=1") != RemoteAddress("s3://films/a"))
    }

    @Test(arguments: [
        ("s3://films--use1-az4--x-s3/a", "S3 Express"), ("https://host", "names no file"), ("https://host/", "names no file"),
        ("https:///a.mov", "names no file"),
        ("https://me:secret@host/a.mov", "name and password"), ("https://host/a b.mov", "percent-encoded"),
        ("https://host/ä.mov", "percent-encoded"), ("https://host/a.mov#t=3", "percent-encoded"), ("HTTPS://host/a.mov", "small letters"),
        ("s3://films", "names no object"), ("s3://films/", "names no object"), ("s3://f/a.mov", "names no object"),
        ("s3://films/folder/", "names no object"), ("s3://KEY:secret@films/a.mov", "name and password"),
    ])
    func malformedAddressesAreToldWithoutRepeatingThem(text: String, words: String) throws {
        let fault = try #require(RemoteAddress.fault(in: text))
        #expect(fault.contains(words) && !fault.contains("secret"))
        #expect(RemoteAddress.isRemote(text) && RemoteAddress(text) == nil)
    }

    @Test func withoutASignatureEveryWordOfAQueryCounts() {
        #expect(RemoteAddress("https://h/get.mov?policy=a") != RemoteAddress("https://h/get.mov?policy=b"))
        #expect(
            RemoteAddress("https://h/get.mov?policy=a&Signature=1&part=2") == RemoteAddress("https://h/get.mov?policy=b&Signature=2&part=2")
        )
    }
}
