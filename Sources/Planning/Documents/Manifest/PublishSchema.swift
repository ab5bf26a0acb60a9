import MediaModel

/// The keys of `publish`.
enum PublishSchema {
    static var publish: Shape { .either(.store, RecordShape(fields: fields, rules: rules)) }

    private static var rules: [RecordRule] {
        [.only("encryption_key", with: "server_side_encryption", being: "aws:kms", why: "a store encrypts by a named key in no other way")]
    }

    private static var fields: [Field] {
        [
            Field(
                "url", .store, "The store: file: and a folder, relative to this file, or s3://bucket/prefix.", required: true,
                examples: ["file:./store", "s3://films/published"]),
            Field(
                "endpoint", .text(.server),
                "Address of a server that speaks Amazon's protocol; left out: as the environment or the profile says, or Amazon's for the "
                    + "region.",
                examples: ["https://minio.example.com:9000"]),
            Field(
                "region", .text(.region), "The bucket's region; left out: as the environment or the profile says.",
                examples: ["eu-central-1"]),
            Field(
                "base_url", .text(.base),
                "The address that readers know the prefix by, such as a CDN's: what the catalog holds; left out: the bucket's own.",
                examples: ["https://cdn.example.com/films"]),
            Field(
                "addressing", .word(["automatic", "host", "path"]), "Where the bucket's name stands in an address.", standard: "automatic"),
            Field("storage_class", .text(.header), "S3's storage class.", examples: ["STANDARD_IA"]),
            Field("acl", .text(.header), "A canned access list.", examples: ["public-read"]),
            Field("server_side_encryption", .word(["AES256", "aws:kms"]), "How the store encrypts what lies in it."),
            Field("encryption_key", .text(.header), "The key for aws:kms."),
            Field("tags", .options, "Tags of every object."),
            Field("gzip", .flag, "Send playlists and MPDs gzip-encoded.", standard: "false"),
            Field(
                "checksum", .word(["sha256", "md5"]), "What the server checks bodies against; md5 for servers that know no better.",
                standard: "sha256"),
            Field(
                "confirm", .word(["head", "list"]),
                "How the store is asked whether it holds what was sent: a HEAD of every object, or one listing for the segments and "
                    + "pictures that the server itself checked, which is quicker where it is slow or far.",
                standard: "head"),
            Field(
                "conditional_writes", .flag, "Write with If-None-Match, so that two runs never overwrite each other.", standard: "true"),
            Field(
                "concurrency", .whole(1...256), "Requests in flight at the same time, each with a connection of its own.", standard: "16"),
            Field("part_size", .whole(5...2048), "MiB of a part; objects of two parts or more are sent in parts.", standard: "16"),
            Field(
                "ca_bundle", .file,
                "A file with certificates to trust (PEM), in place of the system's; left out: as the environment or the profile says."),
            Field("profile", .text(.free), "A profile of the shared credentials and config files."),
        ]
    }
}
