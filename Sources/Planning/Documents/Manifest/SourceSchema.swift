/// The keys of `sources`.
enum SourceSchema {
    static var sources: RecordShape {
        RecordShape(fields: [
            Field(
                "endpoint", .text(.server),
                "Address of the server that s3:// sources lie on; left out: as the environment or the profile says, or Amazon's for the "
                    + "region. That of `publish` does not count here.",
                examples: ["https://minio.example.com:9000"]),
            Field(
                "region", .text(.region), "The buckets' region; left out: as the environment or the profile says.",
                examples: ["eu-central-1"]),
            Field(
                "addressing", .word(["automatic", "host", "path"]), "Where a bucket's name stands in an address.", standard: "automatic"),
            Field("profile", .text(.free), "A profile of the shared credentials and config files."),
            Field(
                "ca_bundle", .file,
                "A file with certificates to trust (PEM), in place of the system's, for https:// too; left out: for s3:// as the environment or "
                    + "the profile says."),
        ])
    }
}
