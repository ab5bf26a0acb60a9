import MediaModel
import Testing

@testable import Planning

struct ScalarReaderTests {
    /// `nil` where the text is accepted; else the fault, with the suggestion in brackets.
    private func fault(_ text: String, _ shape: Shape) -> String? {
        switch ScalarReader.read(text, as: shape) {
        case .value: nil
        case .fault(let message, let suggestion): message + (suggestion.map { " [\($0)]" } ?? "")
        }
    }

    @Test(arguments: [
        "masters/a.mov", "/m/a.mov", "../a b.mov", "a:b.mov", "C:/films/a.mov", "Film: the sequel.mov", "ä.mov",
    ])
    func pathsAreTakenAsTheyAre(path: String) {
        #expect(fault(path, .file) == nil)
    }

    @Test(arguments: [
        ("https://example.org/a.mov", "must be the path of a file, not the URL 'https://example.org/a.mov'"),
        ("s3://bucket/a.mov", "must be the path of a file, not the URL 's3://bucket/a.mov'"),
        ("file:///a.mov", "must be the path of a file, not the URL 'file:///a.mov'"),
        ("ftp://h/a.mov", "must be the path of a file, not the URL 'ftp://h/a.mov'"),
        (" ", "must not be empty"),
    ])
    func urlsAreNoPaths(path: String, expected: String) {
        #expect(fault(path, .file) == expected)
    }

    @Test(arguments: [
        ("masters/a.mov", nil), ("https://example.org/a.mov?key=1", nil), ("s3://bucket/a b.mov", nil),
        ("https://example.org", "names no file; write https://host/path/film.mov"),
        ("s3://bucket", "names no object; write s3://bucket/key"),
        ("ftp://h/a.mov", "must be the path of a file, not the URL 'ftp://h/a.mov'"),
    ])
    func sourcesMayLieElsewhere(text: String, expected: String?) {
        #expect(fault(text, .source) == expected)
    }

    @Test(arguments: [
        ("sqlite:./c.sqlite", nil), ("sqlite:/c.sqlite", nil), ("sqlite:///c.sqlite", nil),
        ("SQLITE:c", nil), ("postgres://u@h/db", "postgres:// is not supported yet; use sqlite:"),
        ("mysql://h/db", "must begin with sqlite:, not mysql:"),
        ("c.sqlite", "must begin with sqlite:, not 'c.sqlite' [sqlite:c.sqlite]"),
        ("sqlite://c.sqlite", "'sqlite://c.sqlite' names a host; write sqlite:PATH [sqlite:c.sqlite]"),
        ("sqlite:", "names no path behind sqlite:"),
    ])
    func locationsHaveTheirScheme(text: String, expected: String?) {
        #expect(fault(text, .location(scheme: "sqlite", later: ["postgres"])) == expected)
    }

    @Test(
        arguments: [
            ("sqlite://me:secret@host/c.sqlite", .location(scheme: "sqlite", later: ["postgres"])),
            ("postgres://me:secret@host/db", .location(scheme: "sqlite", later: ["postgres"])),
            ("postgres//me@secret/db", .location(scheme: "sqlite", later: ["postgres"])),
            ("s3://KEY:secret@films/p", .store), ("file://me:secret@films/p", .store), ("https://me:secret@films/p", .store),
            ("https://me:secret@host/a.mov", .source), ("s3://KEY:secret@films/a.mov", .source), ("ftp://me:secret@host/a.mov", .source),
            ("https://me:secret@host/ca.pem", .file), ("https://host/ca.pem?key=secret", .file),
        ] as [(String, Shape)])
    func noPasswordIsRepeated(text: String, shape: Shape) throws {
        #expect(try #require(fault(text, shape)).contains("secret") == false)
    }

    @Test(arguments: [
        ("1:30", "00:01:30"), ("12:30", "00:12:30"), ("12:30.5", "00:12:30.5"), ("ten", nil),
    ])
    func shortTimesAreSuggestedInFull(text: String, suggestion: String?) {
        let expected = "must be a time: decimal seconds or HH:MM:SS.mmm, not '\(text)'" + (suggestion.map { " [\($0)]" } ?? "")
        #expect(fault(text, .time(.zero...Rational(100_000))) == expected)
    }

    @Test func rangesAreNamed() {
        #expect(fault("0.4", .time(Rational(1, 2)...Rational(60))) == "must be a time from 0.5 to 60 seconds, not '0.4'")
        #expect(fault("52", .decimal(Rational(1)...Rational(51))) == "must be a number from 1 to 51, not '52'")
        #expect(fault("-1", .whole(0...21)) == "must be a whole number from 0 to 21, not '-1'")
        #expect(fault("12.5", .whole(0...21)) == "must be a whole number from 0 to 21, not '12.5'")
        #expect(fault("9k", .bits(10_000...2_000_000)) == "must be bits such as 4500k or 7.8M, from 10k to 2M, not '9k'")
        #expect(fault("4500", .bits(10_000...8_000_000))?.hasSuffix("[4500k]") == true)
        #expect(fault("1.1", .version(1)) == "'1.1' is not a version that this reelmill reads; it reads version 1")
    }

    @Test func idsAreCorrected() {
        #expect(fault("Night Train", .text(.id))?.hasSuffix("[night-train]") == true)
        #expect(fault("été", .text(.id))?.hasSuffix("[t]") == true)
        #expect(fault("???", .text(.id))?.contains("[") == false)
        #expect(fault("en_US", .text(.language))?.hasPrefix("'en_US' is no language tag") == true)
    }
}
