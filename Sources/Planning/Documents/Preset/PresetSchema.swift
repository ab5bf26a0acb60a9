import MediaModel

/// The preset's keys: the one declaration behind the reader and `reelmill schema preset`.
package enum PresetSchema {
    /// JSON Schema, draft 2020-12.
    package static var json: String { JSONSchema.document(title: "Reelmill preset", root) }

    static var root: RecordShape {
        RecordShape(
            "A ladder: how a title is encoded.",
            fields: [
                SharedFields.editorSchema,
                Field("version", .version(1), "The version of this format: 1.", required: true),
                Field("description", .text(.free), "One sentence about what the preset is for."),
                Field(
                    "segment_seconds", .time(Rational(1)...Rational(20)),
                    "Length of a segment, a multiple of gop_seconds; the nearest whole frames are taken.", standard: "6"),
                Field(
                    "gop_seconds", .time(Rational(1, 2)...Rational(10)),
                    "Time from one IDR frame to the next; the nearest whole frames are taken.", standard: "2"),
                Field(
                    "chunk_seconds", .time(Rational(1)...Rational(600)),
                    "Length of the stretches that are encoded apart; at least ten times buffer_size / max_rate of every rung.",
                    standard: "30"),
                Field("video", .record(VideoSchema.video), "How the picture is encoded.", required: true),
                Field(
                    "audio", .list(.record(audio), atLeast: 1),
                    "How every sound is encoded, once for each entry; stereo AAC must be among them.", required: true),
                Field(
                    "images", .either(.word(["none"]), images),
                    "Poster, cards and sprite: none, or a mapping; left out: the sizes given here as defaults."),
            ])
    }

    private static var audio: RecordShape {
        RecordShape(fields: [
            Field("codec", .word(AudioCodec.allCases.map(\.rawValue)), "The sound's codec.", required: true),
            Field("bit_rate", .bits(16_000...512_000), "Bits per second of all channels together.", required: true, examples: ["128k"]),
            Field("channels", .whole(1...2), "2: stereo, to which more channels are mixed down; 1: mono.", standard: "2"),
            Field("sample_rate", .whole(8000...48000), "Samples per second: 44100 or 48000; Opus always 48000.", standard: "48000"),
        ])
    }

    private static var images: RecordShape {
        let standard = ImageSettings()
        return RecordShape(fields: [
            Field(
                "poster_width", .whole(160...3840), "Longest side of the poster, in pixels.", standard: "\(standard.posterWidth)"),
            Field("card_widths", .list(.whole(80...1920), atLeast: 0), "Widths of the card images, in pixels.", examples: []),
            Field(
                "sprite_width", .whole(32...640), "Longer side of one picture of the sprite sheet, in pixels.",
                standard: "\(standard.spriteWidth)"),
            Field("sprite_columns", .whole(1...20), "Pictures side by side in a sheet.", standard: "\(standard.spriteColumns)"),
            Field("sprite_rows", .whole(1...20), "Rows of pictures in a sheet.", standard: "\(standard.spriteRows)"),
            Field(
                "sprite_interval", .time(Rational(1, 2)...Rational(60)),
                "Seconds from one picture to the next; long titles may take more.", standard: "\(standard.spriteInterval)"),
            Field("quality", .whole(1...100), "Quality of JPEG and WebP.", standard: "\(standard.quality)"),
        ])
    }
}
