import MediaModel
import Testing

@testable import Pipeline

@Suite struct InputNamesTests {
    private func name(_ source: String) -> String? {
        let preset = Preset(
            name: "none", summary: "", segmentDuration: Rational(6), gopDuration: Rational(2), chunkDuration: Rational(30), rungs: [],
            audio: [], images: nil)
        let title = TitleRequest(
            id: "one", source: source, preset: preset, trim: Trim(), acceptsDamage: false,
            metadata: TitleMetadata(name: "one", kind: .clip),
            artwork: nil, audio: nil, subtitles: [], place: "1:1")
        return InputNames(manifest: "/srv/films/batch/m.yaml").names(of: title)[source]
    }

    @Test func filesNearTheManifestAreNamedFromThere() {
        #expect(name("/srv/films/batch/masters/a.mov") == "masters/a.mov")
        #expect(name("/srv/films/masters/a.mov") == "../masters/a.mov")
        #expect(name("/mnt/masters/a.mov") == "/mnt/masters/a.mov")
    }

    @Test func anAddressIsNamedWithoutItsSignature() {
        #expect(name("https://host/a.mov?X-Amz-Signature=1&X-Amz-Date=2") == "https://host/a.mov")
        let secret = name("https://host/a.mov?token=secret") ?? ""
        #expect(secret.hasPrefix("https://host/a.mov?") && !secret.contains("secret"))
        #expect(secret != name("https://host/a.mov?token=other"))
        #expect(name("s3://bucket/a.mov") == "s3://bucket/a.mov")
    }
}
