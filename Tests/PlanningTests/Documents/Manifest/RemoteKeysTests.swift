import MediaModel
import Testing

@testable import Planning

/// What a manifest says of things on other machines: sources, webhooks, CDNs.
struct RemoteKeysTests {
    private func manifest(_ head: String, title: String = "") throws -> Manifest {
        let file = DocumentFile(name: "/base/m.yaml", text: DocumentFixture.manifest(title: title, head: head))
        // The source itself is a path, and not there.
        let faults = ManifestReader.read(file, presets: .small, checkFiles: true).diagnostics
        #expect(faults.filter { !$0.description.contains("titles[0].source") } == [])
        return try #require(ManifestReader.read(file, presets: .small, checkFiles: false).value?.manifest)
    }

    private func faults(_ head: String) -> [String] {
        DocumentFixture.manifestFaults(DocumentFixture.manifest(title: "", head: head)).map { fault in
            String(fault.drop { $0 != " " }.dropFirst(" error: ".count))
        }
    }

    @Test func addressesStayAsTheyAreAndAreNotLookedFor() throws {
        let title = try #require(
            try manifest(
                "",
                title: """
                    artwork: https://host/a.jpg
                    audio: [{ file: 's3://dubs/fr.wav', language: fr }]
                    subtitles: [{ file: 'http://host/fr.srt?x=1', language: fr }]
                    """
            ).titles.first)
        #expect(title.artwork == "https://host/a.jpg")
        #expect(title.audio?.map(\.origin) == [.file("s3://dubs/fr.wav")])
        #expect(title.subtitles.map(\.file) == ["http://host/fr.srt?x=1"])
    }

    @Test func sourcesHaveSettingsOfTheirOwn() throws {
        var expected = SourceSettings()
        #expect(try manifest("").sources == expected)
        expected.endpoint = "https://minio:9000"
        expected.region = "eu"
        expected.addressing = .path
        expected.profile = "films"
        let text = "sources: { endpoint: 'https://minio:9000/', region: eu, addressing: path, profile: films }\n"
        #expect(try manifest(text).sources == expected)
        #expect(faults("sources: { base_url: x }\n").first?.hasPrefix("sources.base_url: unknown key") == true)
        #expect(faults("sources: { endpoint: minio }\n").first?.hasPrefix("sources.endpoint: must be an address") == true)
    }

    @Test func aWebhookIsSignedWithAKeyFromTheEnvironment() throws {
        let notify = try #require(try manifest("notify: { url: 'https://host/${PATH_KEY}', secret_env: HOOK_KEY }\n").notify)
        #expect(notify.url.written == "https://host/${PATH_KEY}" && notify.secretVariable == "HOOK_KEY")
        let refused = faults("notify: { url: 'https://host/x', secret_env: 'c2VjcmV0+/=' }\n")
        #expect(refused.count == 1 && refused[0].contains("never the key itself") && !refused[0].contains("c2Vj"))
        #expect(faults("notify: { url: 'https://host/{title}', secret_env: K }\n").first?.contains("'{title}'") == true)
        #expect(faults("notify: { url: 'https://host/x' }\n").first?.hasPrefix("notify.secret_env: is missing") == true)
    }

    @Test func aPurgeIsATemplate() throws {
        let text = #"""
            purge:
              url: https://api.host/purge?url={url}
              headers: { Authorization: "Bearer ${TOKEN}" }
              body: '{ "files": ["{url}/index.m3u8"] }'

            """#
        let purge = try #require(try manifest(text).purge)
        #expect(purge.method == "POST" && purge.url.written == "https://api.host/purge?url={url}")
        #expect(purge.headers.map(\.name) == ["Authorization"] && purge.headers.first?.value.variables == ["TOKEN"])
        #expect(purge.body?.written == #"{ "files": ["{url}/index.m3u8"] }"#)
        #expect(faults("purge: { url: 'https://h/{titel}' }\n").first?.contains("'{titel}' is nothing that is filled in") == true)
        #expect(faults("purge: { url: 'host/x' }\n").first?.hasPrefix("purge.url: must be an address") == true)
        #expect(faults("purge: { url: 'https://h/x', method: SEND }\n").first?.hasPrefix("purge.method: must be") == true)
        #expect(faults("purge: { url: 'https://h/x', headers: { 'A b': c } }\n").first?.contains("is no name of a header") == true)
    }
}
