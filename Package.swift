// swift-tools-version: 6.2
import PackageDescription

/// Warnings are errors only where we ask for it (`make test`, CI), so that a newer compiler or FFmpeg never breaks a user's build.
let strict = Context.environment["REELMILL_STRICT"] == "1"

let language: [SwiftSetting] =
    [
        .swiftLanguageMode(.v6),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("InternalImportsByDefault"),
    ] + (strict ? [.treatAllWarnings(as: .error)] : [])

/// Faults that the judges ask for (a worker that crashes, another build of a library) are compiled into debug builds and into the build of
/// `make test`, and into nothing else: the programs of `make build` do not know them.
let testing: [SwiftSetting] =
    Context.environment["REELMILL_TESTING"] == "1"
    ? [.define("REELMILL_TESTING")] : [.define("REELMILL_TESTING", .when(configuration: .debug))]

/// Every room but the bindings: a C pointer cannot be touched here without the compiler saying so.
let safe = language + [.strictMemorySafety()]

let yams = Target.Dependency.product(name: "Yams", package: "Yams")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let arguments = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")

func room(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource] = [], settings: [SwiftSetting] = []) -> Target {
    .target(name: name, dependencies: dependencies, exclude: ["README.md"], resources: resources, swiftSettings: safe + settings)
}

func app(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource] = []) -> Target {
    .executableTarget(name: name, dependencies: dependencies, exclude: ["README.md"], resources: resources, swiftSettings: safe)
}

func tests(_ room: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .testTarget(
        name: "\(room)Tests", dependencies: [.target(name: room)] + (room == "MediaModel" ? [] : ["MediaModel"]) + dependencies,
        swiftSettings: language)
}

let package = Package(
    name: "reelmill",
    products: [
        .executable(name: "reelmill", targets: ["reelmill"]),
        .executable(name: "reelmill-server", targets: ["reelmill-server"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    ],
    targets: [
        // Doors: the only way in to a C library.
        .systemLibrary(
            name: "CFFmpeg", pkgConfig: "libavfilter",
            providers: [
                .apt(["libavformat-dev", "libavcodec-dev", "libavfilter-dev", "libswscale-dev", "libswresample-dev"])
            ]),
        .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        // Bindings: the only rooms that hold C pointers.
        .target(name: "Libav", dependencies: ["CFFmpeg", "MediaModel"], exclude: ["README.md"], swiftSettings: language),
        .target(name: "Curl", dependencies: ["CCurl"], exclude: ["README.md"], swiftSettings: language),
        // Floor: plain values.
        room("MediaModel", []),
        room("Notation", []),
        room("FileSystem", ["MediaModel", "Notation", crypto]),
        // Formats and the client: they know no plan, no source and no package.
        room("Formats", ["MediaModel"]),
        room("S3", ["MediaModel", "Notation", "FileSystem", "Curl", crypto]),
        // Stages, in data order. No stage imports another.
        room("Planning", ["MediaModel", yams, crypto], resources: [.embedInCode("Presets")]),
        room("Transcoding", ["MediaModel", "Libav", crypto]),
        room("Packaging", ["MediaModel", "Formats", crypto]),
        room("Storage", ["MediaModel", "FileSystem", "S3", "Curl"]),
        room("Fetching", ["MediaModel", "Notation", "FileSystem", "S3", "Curl", crypto]),
        room("Cataloging", ["MediaModel", grdb]),
        // Engine: knows tasks, and nothing of media.
        room("Engine", [crypto, grdb]),
        // Page: the one room that knows the order.
        room(
            "Pipeline",
            [
                "MediaModel", "Notation", "Formats", "S3", "Curl", "Planning", "Transcoding", "Packaging", "Storage", "Fetching",
                "Cataloging", "Engine", crypto, grdb,
            ], settings: testing),
        // Apps.
        room("Serving", ["MediaModel", "Cataloging", hummingbird, logging], resources: [.embedInCode("Page")]),
        app("reelmill", ["Pipeline", "MediaModel", arguments]),
        app("reelmill-server", ["Serving", arguments]),
        app("reelmill-samples", ["Libav", "MediaModel"], resources: [.embedInCode("manifest.yaml")]),
        // Beside: what tests and the benchmark stand on.
        .executableTarget(
            name: "reelmill-upload", dependencies: ["MediaModel", "Packaging", "Storage"], path: "Tests/Bench/Upload",
            swiftSettings: safe),
        .target(name: "TestSupport", dependencies: ["MediaModel", "Formats", crypto], path: "Tests/TestSupport", swiftSettings: language),
        tests("MediaModel"),
        tests("Libav", ["TestSupport"]),
        tests("Curl", ["TestSupport"]),
        tests("Planning", ["TestSupport"]),
        tests("Transcoding", ["TestSupport", "Libav"]),
        tests("Notation"),
        tests("Formats", ["TestSupport"]),
        tests("S3", ["TestSupport", "FileSystem", "Storage", "Curl", crypto]),
        tests("Packaging", ["TestSupport", "Formats", "FileSystem", crypto]),
        tests("Storage", ["TestSupport", "S3", "FileSystem", "Curl", crypto]),
        tests("Fetching", ["TestSupport", "S3", "Curl", crypto]),
        tests("Cataloging", ["TestSupport", grdb]),
        .testTarget(name: "EngineTests", dependencies: ["Engine", "TestSupport"], swiftSettings: language),
        tests("Serving", ["TestSupport", "Cataloging", hummingbird, logging]),
        tests(
            "Pipeline",
            [
                "TestSupport", "Cataloging", "Engine", "Planning", "Transcoding", "Storage", "Fetching", "S3", "Packaging", "Curl", crypto,
                grdb,
            ]),
    ]
)
