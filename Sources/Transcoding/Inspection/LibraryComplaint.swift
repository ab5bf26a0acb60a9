/// What a line of libav's log at the level of errors is about.
enum LibraryComplaint {
    /// False for lines about what is neither picture nor sound: messages inside the stream, statements of timing that nobody here uses,
    /// units of later versions of a format, chapters, tags.
    static func concernsMedia(_ line: String) -> Bool {
        let text = line.lowercased()
        return !besideTheMedia.contains { text.contains($0) }
    }

    private static let besideTheMedia = [
        // H.264 and HEVC: supplemental messages, display timing, units that a decoder has to skip.
        "sei type", "sei ", "user data", "closed caption", "a53", "hrd", "vui", "vps_extension", "pic_struct", "buffering period",
        "timing info", "num_units_in_tick", "time_scale", "unknown nal", "skipping nal", "invalid nal unit 0", "nal type",
        "alternative transfer", "film grain",
        // Times are checked by the index.
        "timestamp", "non monoton", "dts ", "pts ", "application provided",
        // Tables and tracks beside the film.
        "chapter", "metadata", "id3", "exif", "icc profile", "attachment", "cover", "subtitle", "cue", "seekhead", "edit list", "timecode",
        "deprecated pixel format", "no accelerated colorspace",
    ]
}
