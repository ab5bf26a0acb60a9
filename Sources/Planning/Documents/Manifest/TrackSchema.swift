import MediaModel

/// The keys of a title's sounds and subtitles.
enum TrackSchema {
    static var audio: RecordShape {
        RecordShape(
            fields: [
                Field("track", .whole(0...99), "An audio track of the source, counted from 0."),
                Field("file", .source, "An outside file, by path or address; it begins with the source."),
                Field("language", .text(.language), "The language spoken, BCP 47; left out: as the source says.", examples: ["en"]),
                label,
                Field(
                    "role", .word(AudioRole.allCases.map(\.rawValue)),
                    "What the sound is for; left out: main for the first, alternate or dub for the others."),
                mixdownGain,
            ],
            rules: [.exactlyOne("track", "file")])
    }

    static var subtitle: RecordShape {
        RecordShape(fields: [
            Field("file", .subtitles, "A SubRip or WebVTT file: a path, relative to this file, or an address.", required: true),
            Field("language", .text(.language), "The language written, BCP 47.", required: true, examples: ["fr"]),
            label,
            Field(
                "role", .word(TextRole.allCases.map(\.rawValue)),
                "subtitle: speech in another language; captions: speech and sounds; forced: only what cannot be understood otherwise.",
                standard: "subtitle"),
            Field(
                "encoding", .word(TextEncoding.allCases.map(\.rawValue)),
                "The file's encoding; left out: UTF-8 or UTF-16, else what files in its language come in, with a warning.",
                examples: ["windows-1251"]),
        ])
    }

    static var mixdownGain: Field {
        Field(
            "mixdown_gain", .decimal(Rational(-24)...Rational(12)),
            "Decibels added where more than two channels are mixed down; peaks are limited below full scale.", standard: "0",
            examples: ["-3"])
    }

    private static var label: Field {
        Field("label", .text(.free), "The name that a player shows; left out: the language's.", examples: ["Français"])
    }
}
