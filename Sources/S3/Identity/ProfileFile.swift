/// The shared credentials or config file of Amazon's tools: sections of `name = value` or `name: value` lines.
///
/// Read as those tools do, by the rules of Python's configparser: a line that is indented deeper than the setting above it belongs to that
/// one, a comment has a line of its own, and `#` behind a value is part of it. What they give up at, nonsense and sections that come twice,
/// is passed over and put together.
struct ProfileFile: Equatable {
    /// A profile may be there and say nothing.
    private(set) var profiles: [String: [String: String]] = [:]
    /// The `services` sections of a config file, by their names: what each says of a service, such as `s3.endpoint_url`.
    private(set) var services: [String: [String: String]] = [:]

    private enum Section: Equatable {
        case profile(String)
        case services(String)
    }

    /// - Parameter isConfig: whether sections are called `profile NAME`, as all but the default one are in a config file.
    init(_ text: String, isConfig: Bool) {
        let text = text.unicodeScalars.first == "\u{FEFF}" ? String(text.unicodeScalars.dropFirst()) : text
        var section: Section?
        var setting: String?
        var indentation = 0
        for line in text.split(whereSeparator: { $0 == "\n" || $0 == "\r\n" || $0 == "\r" }) {
            let content = Self.trimmed(line)
            guard let first = content.first, first != "#", first != ";" else { continue }
            let depth = line.prefix(while: \.isWhitespace).count
            if let name = setting, depth > indentation {
                if let section { add(content, to: name, of: section) }
                continue
            }
            indentation = depth
            if first == "[" {
                setting = nil
                section = content.lastIndex(of: "]").flatMap { Self.section(content.dropFirst()[..<$0], isConfig: isConfig) }
                // It is there, even if nothing stands below it.
                if case .profile(let name)? = section { profiles[name] = profiles[name] ?? [:] }
                if case .services(let name)? = section { services[name] = services[name] ?? [:] }
            } else if let mark = content.firstIndex(where: { $0 == "=" || $0 == ":" }), mark > content.startIndex {
                let name = Self.trimmed(content[..<mark]).lowercased()
                setting = name
                if case .profile(let profile)? = section { profiles[profile]?[name] = Self.trimmed(content[content.index(after: mark)...]) }
            }
        }
    }

    /// A line below a setting: of a profile, more of its value, or if it has none, settings of its own, which nobody here asks for.
    private mutating func add(_ line: String, to setting: String, of section: Section) {
        switch section {
        case .profile(let name):
            if let value = profiles[name]?[setting], !value.isEmpty { profiles[name]?[setting] = "\(value)\n\(line)" }
        case .services(let name):
            guard let mark = line.firstIndex(of: "=") else { return }
            services[name]?["\(setting).\(Self.trimmed(line[..<mark]))"] = Self.trimmed(line[line.index(after: mark)...])
        }
    }

    /// nil: the section is neither a profile nor one of services.
    private static func section(_ header: Substring, isConfig: Bool) -> Section? {
        let words = CredentialProcess.words(String(header))
        if !isConfig {
            let name = trimmed(header)
            return name.isEmpty ? nil : .profile(words.count == 1 ? words[0] : name)
        }
        switch (words.first, words.count) {
        case ("default", 1): return .profile("default")
        case ("profile", 2): return .profile(words[1])
        case ("services", 2): return .services(words[1])
        default: return nil
        }
    }

    private static func trimmed(_ text: some StringProtocol) -> String {
        let start = text.drop(while: \.isWhitespace)
        return start.lastIndex { !$0.isWhitespace }.map { String(start[...$0]) } ?? ""
    }
}
