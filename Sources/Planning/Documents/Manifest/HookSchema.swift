/// The keys of `notify` and `purge`.
enum HookSchema {
    static var notify: RecordShape {
        RecordShape(fields: [
            Field(
                "url", .text(.template), "Where the summary is posted; ${NAME} is taken from the environment.", required: true,
                examples: ["https://ops.example.com/hooks/reelmill"]),
            Field(
                "secret_env", .text(.variable),
                "Name of the environment's variable that holds the key for X-Reelmill-Signature (HMAC-SHA-256); never the key itself.",
                required: true, examples: ["REELMILL_HOOK_KEY"]),
        ])
    }

    static var purge: RecordShape {
        RecordShape(fields: [
            Field("method", .word(["POST", "PUT", "DELETE", "GET", "PURGE", "BAN"]), "The request's method.", standard: "POST"),
            Field(
                "url", .text(.template), "The address; {title}, {version}, {path} and {url} are filled in, ${NAME} from the environment.",
                required: true, examples: ["https://api.cdn.example.com/purge?url={url}"]),
            Field("headers", .options, "Headers, filled in likewise: secrets belong in the environment."),
            Field("body", .text(.free), "The body, filled in likewise.", examples: ["{ \"files\": [\"{url}/index.m3u8\"] }"]),
        ])
    }
}
