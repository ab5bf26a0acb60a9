import Foundation
import MediaModel

/// The presets that one manifest names, each read once.
struct PresetShelf {
    enum Answer {
        case found(PresetDocument)
        /// The preset has faults; they are among `diagnostics`.
        case wrong
        case missing(String, suggestion: String?)
    }

    private let library: PresetLibrary
    /// The manifest's folder in the user's words.
    private let shownFolder: String
    private var read: [String: Answer] = [:]
    /// Each preset once, in the order in which they were asked for.
    private(set) var documents: [PresetDocument] = []
    /// Of all presets that were asked for; each in its own file's words.
    private(set) var diagnostics: [Diagnostic] = []

    init(library: PresetLibrary, shownFolder: String) {
        self.library = library
        self.shownFolder = shownFolder
    }

    mutating func preset(named name: String) -> Answer {
        if PresetLibrary.isPath(name) { return file(shown(name), named: name) }
        for ending in PresetLibrary.endings {
            let path = shown("presets/\(name)\(ending)")
            if FileManager.default.fileExists(atPath: path) { return file(path, named: name) }
        }
        if let answer = read[name] { return answer }
        guard let result = library.builtIn(named: name) else {
            return .missing(
                "there is no preset '\(name)'; known: \(known.joined(separator: ", "))", suggestion: NearestWord.to(name, in: known))
        }
        return keep(result, as: name)
    }

    private mutating func file(_ path: String, named name: String) -> Answer {
        let key = DocumentPath.absolute(path)
        if let answer = read[key] { return answer }
        if let fault = DocumentPath.fault(ofFile: key) { return missing(fault, path: path, named: name) }
        return keep(PresetReader.read(path: path), as: key)
    }

    /// A path that leads nowhere: most likely the name of a preset with an ending behind it, or a slip in a file's name.
    private func missing(_ fault: String, path: String, named name: String) -> Answer {
        guard !name.contains("/") else { return .missing(fault, suggestion: DocumentPath.neighbour(of: path)?.nearest) }
        let stem = DocumentPath.stem(of: name)
        let near = known.contains(stem) ? stem : NearestWord.to(stem, in: known)
        let words = "a name with an ending is a file, relative to the manifest; a preset in presets/, or a built-in one, has none"
        return .missing("\(fault); \(words)", suggestion: near ?? DocumentPath.neighbour(of: path)?.nearest)
    }

    private mutating func keep(_ result: ReadResult<PresetDocument>, as key: String) -> Answer {
        diagnostics += result.diagnostics
        if let document = result.value { documents.append(document) }
        let answer = result.value.map(Answer.found) ?? .wrong
        read[key] = answer
        return answer
    }

    /// A path relative to the manifest as the user could type it.
    private func shown(_ path: String) -> String {
        var path = path[...]
        while path.hasPrefix("./") { path = path.dropFirst(2) }
        if path.hasPrefix("/") || shownFolder == "." { return String(path) }
        return shownFolder == "/" ? "/\(path)" : "\(shownFolder)/\(path)"
    }

    private var known: [String] {
        let beside = DocumentPath.names(in: shown("presets")).filter(PresetLibrary.isPath).map(DocumentPath.stem)
        return Set(beside + library.names).sorted()
    }
}
