import MediaModel
import Testing

@Suite struct ContentTypeTests {
    @Test(arguments: [
        ("index.m3u8", "application/vnd.apple.mpegurl"), ("manifest.mpd", "application/dash+xml"),
        ("package.json", "application/json"), ("video/360p/init.mp4", "video/mp4"), ("audio/en-aac/init.mp4", "audio/mp4"),
        ("text/fr/init.mp4", "application/mp4"), ("audio/en-aac/00001.m4s", "video/iso.segment"), ("text/fr/00001.vtt", "text/vtt"),
        ("images/poster.jpg", "image/jpeg"), ("images/card-320.webp", "image/webp"), ("images/logo.png", "image/png"),
        ("LICENSE", "application/octet-stream"),
    ])
    func namesEveryFileOfAPackage(path: String, type: String) {
        #expect(ContentType.of(path) == type)
    }
}
