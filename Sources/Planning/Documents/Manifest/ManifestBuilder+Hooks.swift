import MediaModel

/// Who is told what a run did.
extension ManifestBuilder {
    /// nil where it is left out, or something about it is wrong; that has been reported.
    mutating func notifySettings(_ record: TypedRecord?) -> NotifySettings? {
        guard let record else { return nil }
        let url = address(record["url"], fields: [])
        guard let value = record["secret_env"], let name = value.text else { return nil }
        guard Self.isVariable(name) else {
            // It may be the key itself: it is not repeated.
            faults.add(
                value.place, value.key, "must be the name of an environment variable, such as REELMILL_HOOK_KEY, never the key itself")
            return nil
        }
        return url.map { NotifySettings(url: $0, secretVariable: name) }
    }

    /// nil where it is left out, or something about it is wrong; that has been reported.
    mutating func purgeSettings(_ record: TypedRecord?) -> PurgeSettings? {
        guard let record else { return nil }
        let url = address(record["url"], fields: TemplateText.Field.allCases)
        var headers: [PurgeSettings.Header] = []
        for option in record["headers"]?.options ?? [] {
            let key = record.path("headers.\(option.key)")
            guard Self.isHeader(option.key) else {
                faults.add(option.place, key, "is no name of a header")
                continue
            }
            guard let value = template(option.value, option.place, key) else { continue }
            headers.append(PurgeSettings.Header(name: option.key, value: value))
        }
        let body = record["body"].flatMap { value in value.text.flatMap { template($0, value.place, value.key) } }
        guard let url else { return nil }
        return PurgeSettings(method: record.text("method") ?? "POST", url: url, headers: headers, body: body)
    }

    private mutating func template(
        _ text: String, _ place: Place, _ key: String, fields: [TemplateText.Field] = TemplateText.Field.allCases
    ) -> TemplateText? {
        do throws(TemplateFault) { return try TemplateText(text, fields: fields) } catch {
            faults.add(place, key, error.message)
            return nil
        }
    }

    private mutating func address(_ value: TypedValue?, fields: [TemplateText.Field]) -> TemplateText? {
        guard let value, let text = value.text else { return nil }
        let start = ["https://", "http://", "${"].first { text.hasPrefix($0) }
        let isPlain = text.unicodeScalars.allSatisfy { (0x21...0x7E).contains($0.value) }
        let namesNobody = !ShownAddress.holdsName(text) && !text.dropFirst(start?.count ?? 0).prefix(while: { $0 != "/" }).contains("@")
        guard let start, text.count > start.count, isPlain, namesNobody else {
            faults.add(
                value.place, value.key, "must be an address such as https://host/path, without spaces and without a name and password")
            return nil
        }
        return template(text, value.place, value.key, fields: fields)
    }

    private static func isVariable(_ name: String) -> Bool {
        guard let first = name.first, first.isASCII, first.isLetter || first == "_" else { return false }
        return name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
    }

    private static func isHeader(_ name: String) -> Bool {
        !name.isEmpty && name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "!#$%&'*+-.^_`|~".contains($0)) }
    }
}
