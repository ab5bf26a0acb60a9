import MediaModel

/// The keys of `video` and of its rungs.
enum VideoSchema {
    static var video: RecordShape {
        RecordShape(
            fields: [
                Field("codec", .word(VideoCodec.allCases.map(\.rawValue)), "The codec of all rungs.", required: true),
                Field(
                    "encoder", .word(VideoCodec.allCases.map(\.defaultEncoder)),
                    "libavcodec's encoder; left out: libx264, libx265 or libsvtav1 by the codec."),
            ] + settings + [
                Field("rungs", .list(.record(rung), atLeast: 1), "The sizes, each with its cap; order does not matter.", required: true)
            ])
    }

    private static var rung: RecordShape {
        RecordShape(
            fields: [
                Field("name", .text(.id), "Name and folder of the rendition.", required: true, examples: ["720p"]),
                Field("width", .even(16...8192), "Even; the picture is fitted into width x height, never enlarged.", required: true),
                Field("height", .even(16...8192), "Even; width and height change places for a portrait picture.", required: true),
                Field(
                    "bit_rate", .bits(10_000...400_000_000),
                    "Two-pass: the average over the title, in bits per second; instead of crf.", examples: ["2000k"]),
                Field("max_rate", .bits(10_000...800_000_000), "The cap on the bit rate, in bits per second.", examples: ["4500k"]),
                Field("buffer_size", .bits(10_000...800_000_000), "The rate buffer behind the cap, in bits.", examples: ["4500k"]),
                Field("codec", .later("a codec of a rung's own"), ""),
                Field("encoder", .later("an encoder of a rung's own"), ""),
            ] + settings,
            rules: [
                .together("max_rate", "buffer_size", why: "a cap on the bit rate holds over a buffer; one means nothing without the other"),
                .notBoth("crf", "bit_rate", why: "crf asks for a quality, bit_rate for an average; keep one"),
            ])
    }

    /// What stands under `video` for all rungs, or in a rung for itself.
    private static var settings: [Field] {
        [
            Field(
                "crf", .decimal(Rational(1)...Rational(63)),
                "Constant rate factor under the cap: smaller is better; x264 and x265 1 to 51, SVT-AV1 1 to 63.", examples: ["23"]),
            Field(
                "speed", .text(.free),
                "The encoder's own preset: ultrafast to placebo for x264 and x265 (medium), 0 to 13 for SVT-AV1 (8).",
                examples: ["medium"]),
            Field("profile", .text(.free), "The codec's profile, such as high or main10; left out: the encoder's choice."),
            Field("level", .text(.level), "The codec's level; left out: the lowest that holds the rung.", examples: ["4.1"]),
            Field("bit_depth", .whole(8...10), "Bits of one component: 8 or 10.", standard: "8"),
            Field(
                "max_frame_rate", .frameRate, "Faster sources are divided by a whole number; left out: no cap.", examples: ["30"]),
            Field(
                "options", .options, "Handed to the encoder as they are; a rung's go before those of video.", examples: []),
        ]
    }
}
