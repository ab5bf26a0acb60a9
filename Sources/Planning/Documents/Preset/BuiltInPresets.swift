/// The files of the top-level folder `presets/`, compiled into the binary, so that it can be moved without them.
enum BuiltInPresets {
    static var texts: [String: String] {
        [
            "av1-web": PackageResources.av1_web_yaml,
            "h264-fast": PackageResources.h264_fast_yaml,
            "h264-standard": PackageResources.h264_standard_yaml,
            "hevc-premium": PackageResources.hevc_premium_yaml,
        ].mapValues { String(decoding: $0, as: UTF8.self) }
    }
}
