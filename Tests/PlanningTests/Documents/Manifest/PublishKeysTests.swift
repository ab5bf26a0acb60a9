import MediaModel
import Testing

@testable import Planning

/// What a manifest says of the store.
struct PublishKeysTests {
    @Test func aBucketHasItsSettings() throws {
        let head = """
            version: 1
            catalog: sqlite:c.sqlite
            publish:
              url: s3://films/published/
              endpoint: https://minio.example.com:9000/
              region: eu-central-1
              base_url: https://cdn.example.com/films/
              addressing: path
              storage_class: STANDARD_IA
              tags: { team: content }
              gzip: true
              conditional_writes: false
              confirm: list
              concurrency: 4
              part_size: 64
            keep: 5
            keep_days: 7
            keep_work: 2
            work_size: 1.5T
            defaults: { preset: h264-fast }
            titles: [{ id: a, source: a.mov }]
            """
        let fixture = try DocumentFixture(["manifest.yaml": head])
        let result = ManifestReader.read(path: fixture.path("manifest.yaml"), presets: PresetLibrary(), checkFiles: false)
        #expect(result.diagnostics.isEmpty, "\(result.diagnostics)")
        let manifest = try #require(result.value?.manifest)
        var wanted = S3Settings(bucket: "films", prefix: "published")
        wanted.endpoint = "https://minio.example.com:9000"
        wanted.region = "eu-central-1"
        wanted.baseURL = "https://cdn.example.com/films"
        wanted.addressing = .path
        wanted.storageClass = "STANDARD_IA"
        wanted.tags = ["team": "content"]
        wanted.gzip = true
        wanted.conditionalWrites = false
        wanted.confirmation = .list
        wanted.concurrency = 4
        wanted.partBytes = 64 << 20
        wanted.multipartThreshold = 128 << 20
        #expect(manifest.publish == .bucket(wanted))
        #expect(manifest.keep == KeepPolicy(versions: 5, days: 7) && manifest.keepWorkDays == 2 && manifest.workSize == 3 << 39)
    }

    private func faults(_ settings: String) -> [String] {
        let text = DocumentFixture.manifest(title: "").replacing("file:./store", with: "{ url: 's3://films', \(settings) }")
        return DocumentFixture.manifestFaults(text).map { fault in String(fault.drop { $0 != " " }.dropFirst(" error: ".count)) }
    }

    @Test(arguments: [
        "minio:9000", "ftp://host", "https://", "https:///path", "https://ho st", "https://me:secret@cdn",
        "https://me:secret@cdn/films?a=b", "https://cdn?token=secret", "https://cdn/#secret", "https://cdn:secret", "https://cdn:0",
        "https://cdn:65536", "https://cdn%0Ax",
    ])
    func aWrongAddressIsNotRepeated(text: String) {
        let words = "without a name and password, and without a query"
        #expect(faults("endpoint: '\(text)'") == ["publish.endpoint: must be an address such as https://host, \(words)"])
        #expect(faults("base_url: '\(text)'") == ["publish.base_url: must be an address such as https://host/path, \(words)"])
    }

    @Test func anEndpointHasNoPathAndAnAddressForReadersMay() {
        #expect(faults("endpoint: 'http://[::1]:9000/'") == [])
        #expect(faults("base_url: 'https://cdn.example.com:8443/films/'") == [])
        #expect(
            faults("endpoint: 'https://host/minio'")
                == ["publish.endpoint: must be a server, such as https://host, without a path behind it"])
    }

    @Test(arguments: ["storage_class", "acl", "encryption_key"]) func nothingBringsALineBreakIntoAHeader(key: String) {
        let more = key == "encryption_key" ? ", server_side_encryption: 'aws:kms'" : ""
        let words = "publish.\(key): must be one line of letters, digits and signs of ASCII, without a space at its ends"
        for value in [#""STANDARD_IA\nX-Evil: 1""#, #""a\r\nb""#, #"" a""#, "schön"] {
            #expect(faults("\(key): \(value)\(more)") == [words])
        }
        #expect(faults("\(key): 'arn:aws:kms:eu-central-1:1:key/a b'\(more)") == [])
    }

    @Test func aRegionIsOneWord() {
        let words = "must be letters, digits, hyphens and underscores, such as eu-central-1"
        #expect(faults("region: 'eu central'") == ["publish.region: \(words)"])
        #expect(faults(#"region: "eu\n""#) == ["publish.region: \(words)"])
        #expect(faults("region: RegionOne") == [])
    }

    @Test func tagsAreAsS3AllowsThem() {
        let words = "publish.tags: tags are letters, digits, spaces and the signs + - = . _ : / @, and their names not empty"
        #expect(faults(#"tags: { team: "a\nb" }"#) == [words])
        #expect(faults("tags: { 'a&b': c }") == [words])
        #expect(faults("tags: { 'Größe 2': '+-=._:/@', empty: '' }") == [])
    }

    @Test func aKeyIsForOneKindOfEncryptionAlone() {
        let fault =
            "publish.encryption_key: encryption_key needs 'server_side_encryption: aws:kms': a store encrypts by a named key in no other way"
        #expect(faults("encryption_key: k") == [fault])
        #expect(faults("encryption_key: k, server_side_encryption: AES256") == [fault])
        #expect(faults("encryption_key: k, server_side_encryption: 'aws:kms'") == [])
        #expect(faults("server_side_encryption: AES256") == [])
        #expect(faults("encryption_key: k, server_side_encryption: rot13").count == 1, "what is wrong is told once")
    }
}
