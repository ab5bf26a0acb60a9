import Pipeline

/// JSON Schema (draft 2020-12) of one line of `--events`. A later version of the format may add events and keys; it takes none away.
enum EventSchema {
    private static func listed(_ words: [String]) -> String { "[" + words.map { "\"\($0)\"" }.joined(separator: ", ") + "]" }

    static let json = """
        {
          "$schema": "https://json-schema.org/draft/2020-12/schema",
          "title": "Reelmill event",
          "description": "One line of what `reelmill run --events` writes.",
          "type": "object",
          "required": ["format_version", "time", "event"],
          "properties": {
            "format_version": { "const": 1 },
            "time": { "type": "string", "format": "date-time", "description": "When it happened, UTC." },
            "event": { "type": "string" },
            "title": { "type": "string", "description": "The title's id." },
            "version": { "type": "string", "pattern": "^[0-9a-f]{16}$" },
            "message": { "type": "string", "description": "One line for a person." },
            "location": { "type": "string", "description": "URL of the published version." },
            "source": { "type": "string", "description": "Address of a remote file, without its query." },
            "bytes": { "type": "integer", "minimum": 0 },
            "stage": { "enum": \(listed(TitleStage.allCases.map(\.rawValue))) },
            "done": { "type": "number", "minimum": 0, "maximum": 1, "description": "Share of the work, that of earlier runs counted in." },
            "speed": { "type": "number", "minimum": 0, "description": "Seconds of the title made in each second." },
            "seconds_left": { "type": "number", "minimum": 0 },
            "warnings": { "type": "integer", "minimum": 0, "description": "How many things the run has warned of." },
            "titles": { "type": "integer", "minimum": 0 },
            "workers": { "type": "integer", "minimum": 1 },
            "renditions": { "type": "integer", "minimum": 0 },
            "chunks": { "type": "integer", "minimum": 0 },
            "tasks": { "type": "integer", "minimum": 0, "description": "Tasks still to do." },
            "results": { "type": "integer", "minimum": 0 },
            "counts": {
              "description": "Titles by what became of them.",
              "type": "object",
              "required": \(listed(TitleReport.State.allCases.map(\.rawValue))),
              "additionalProperties": { "type": "integer", "minimum": 0 }
            },
            "exit_status": { "type": "integer" },
            "wall_seconds": { "type": "number", "minimum": 0 },
            "cpu_seconds": { "type": "number", "minimum": 0 }
          },
          "oneOf": [
            { "properties": { "event": { "const": "began" } }, "required": ["titles", "workers"] },
            { "properties": { "event": { "const": "fetched" } }, "required": ["title", "source", "bytes"] },
            { "properties": { "event": { "const": "planned" } }, "required": ["title", "version", "renditions", "chunks", "tasks"] },
            { "properties": { "event": { "const": "up_to_date" } }, "required": ["title", "version"] },
            { "properties": { "event": { "const": "remakes" } }, "required": ["titles", "message"] },
            { "properties": { "event": { "const": "noted" } }, "required": ["message"] },
            { "properties": { "event": { "const": "progress" } }, "required": ["title", "stage", "done"] },
            { "properties": { "event": { "const": "batch_progress" } }, "required": ["done"] },
            { "properties": { "event": { "const": "warned" } }, "required": ["message"] },
            { "properties": { "event": { "const": "retried" } }, "required": ["title", "message"] },
            { "properties": { "event": { "const": "published" } }, "required": ["title", "version", "location", "bytes"] },
            { "properties": { "event": { "const": "metadata_updated" } }, "required": ["title"] },
            { "properties": { "event": { "const": "moved" } }, "required": ["title", "version", "location"] },
            { "properties": { "event": { "const": "failed" } }, "required": ["title", "message"] },
            { "properties": { "event": { "const": "removed" } }, "required": ["title", "message"] },
            { "properties": { "event": { "const": "postponed" } }, "required": ["title"] },
            { "properties": { "event": { "const": "cleaned" } }, "required": ["results", "bytes"] },
            { "properties": { "event": { "const": "stopped" } }, "required": ["message", "exit_status"] },
            { "properties": { "event": { "const": "ended" } }, "required": ["titles", "counts", "exit_status", "wall_seconds", "cpu_seconds"] }
          ]
        }
        """
}
