import MediaModel
import Testing

@Suite struct ShownAddressTests {
    @Test(arguments: [
        ("https://me:secret@host:8080/a/b.mov?X-Signature=secret", "https://host:8080/a/b.mov"),
        ("https://me:se/secret@host/a", "https://host/a"), ("https://me:secret?@host/a", "https://host/a"),
        ("s3://KEY:secret@films/a?b.mov", "s3://films/a?b.mov"), ("postgres://me:secret@db/films?password=secret", "postgres://db/films"),
        ("sqlite://me:secret@host/c.sqlite", "sqlite://host/c.sqlite"), ("me://secret@", "me://"),
    ])
    func whatMayBeAPasswordIsNotShown(text: String, expected: String) {
        #expect(ShownAddress.of(text) == expected)
        #expect(text.contains("secret") == (ShownAddress.holdsName(text)))
        let line = ShownAddress.clean("cannot read '\(text)': no")
        #expect(!line.prefix { $0 != "?" }.contains("secret"), "\(line)")
        #expect(line.hasPrefix("cannot read '\(expected.prefix { $0 != "?" })"), "\(line)")
    }

    @Test(arguments: [
        "masters/a@b.mov", "/a:b/c@d", "C:/films/me@home.mov", "https://host/@me/film.mov", "https://host:8080/a@b.mov", "s3://films/a:b@c",
        "https://[::1]:80/a@b", "https://[::1]/a@b", "sqlite:./me@home.sqlite",
    ])
    func whatIsNoNameStays(text: String) {
        #expect(ShownAddress.of(text) == text && !ShownAddress.holdsName(text))
        #expect(ShownAddress.clean("cannot read '\(text)'") == "cannot read '\(text)'")
    }

    @Test func whatWasTakenForAPathIsCleanedToo() {
        #expect(ShownAddress.clean("there is no file '/m/ftp:/me:secret@host/a.mov'") == "there is no file '/m/ftp:/host/a.mov'")
        #expect(ShownAddress.clean("GET https://a:b@h/p: status 500  (twice)") == "GET https://h/p: status 500  (twice)")
    }
}
