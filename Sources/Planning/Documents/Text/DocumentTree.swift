import MediaModel
import Yams

/// Reads YAML (and JSON, which is YAML) into a tree of text with places. No type is guessed: `no` stays `no`, `007` stays `007`.
struct DocumentTree {
    private var faults: Faults
    private let isJSON: Bool
    /// The text as it is parsed: repeated keys are masked one by one, so that the rest of the file can be read too.
    private var scalars: [Unicode.Scalar]
    /// What stood where a key was masked.
    private var masked: [Place: String] = [:]
    private var anchors: Set<Place> = []

    static func read(_ file: DocumentFile) -> ReadResult<DocumentNode> {
        var tree = DocumentTree(file)
        let root = tree.compose()
        return ReadResult(value: root, diagnostics: tree.faults.sorted)
    }

    /// As `read`, but with the tree beside the diagnostics wherever the syntax holds, so that the schema's faults can be added.
    static func readAll(_ file: DocumentFile) -> (root: DocumentNode?, diagnostics: [Diagnostic]) {
        var tree = DocumentTree(file)
        let root = tree.compose()
        return (root, tree.faults.diagnostics)
    }

    private init(_ file: DocumentFile) {
        faults = Faults(file: file.name)
        isJSON = file.isJSON
        scalars = Array((file.isJSON ? SurrogatePairs.joined(file.text) : file.text).unicodeScalars)
    }

    private mutating func compose() -> DocumentNode? {
        while true {
            var text = String.UnicodeScalarView()
            text.append(contentsOf: scalars)
            do {
                let parser = try Parser(yaml: String(text), resolver: .basic, encoding: .utf8)
                let root = try parser.singleRoot()
                // Nodes hold their anchors weakly; the parser owns them.
                return withExtendedLifetime(parser) { convertRoot(root) }
            } catch YamlError.duplicatedKeysInMapping(let keys, let context) {
                let place = Place(line: context.mark.line, column: context.mark.column)
                guard let key = keys.first, mask(key, at: place) else {
                    faults.add(place, keys.first ?? "", "the key is given twice")
                    return nil
                }
            } catch let error as YamlError {
                faults.add([YAMLFault.diagnostic(error, file: faults.file, text: scalars)])
                return nil
            } catch {
                faults.add("cannot be read: \(error)")
                return nil
            }
        }
    }

    private mutating func convertRoot(_ root: Node?) -> DocumentNode? {
        let node = root.map { convert($0, key: "") }
        guard let node, node.content != .nothing else {
            faults.add(.start, "", "the file is empty")
            return nil
        }
        return node.content == .refused ? nil : node
    }

    private mutating func convert(_ node: Node, key: String) -> DocumentNode {
        let place = node.mark.map { Place(line: $0.line, column: $0.column) } ?? .start
        if let anchor = node.anchor {
            // Every alias of it comes back as the same node: one sentence is enough, and nothing below is walked again and again.
            if anchors.insert(place).inserted {
                faults.add(
                    place, key,
                    "YAML anchors and aliases (&\(anchor.rawValue)) are not read; write the value out, or put it under 'defaults'")
            }
            return DocumentNode(place: place, content: .refused)
        }
        let tag = node.tag.description
        if !Self.plainTags.contains(tag) {
            faults.add(place, key, "YAML tags (\(tag)) are not read; the key says what the value is")
            return DocumentNode(place: place, content: .refused)
        }
        switch node {
        case .scalar(let scalar): return DocumentNode(place: place, content: content(of: scalar))
        case .sequence(let items):
            let list = items.enumerated().map { convert($0.element, key: "\(key)[\($0.offset)]") }
            return DocumentNode(place: place, content: .list(list))
        case .mapping(let mapping):
            return DocumentNode(place: place, content: .record(entries(of: mapping, key: key)))
        case .alias: return DocumentNode(place: place, content: .refused)
        }
    }

    private static let plainTags: Set = ["tag:yaml.org,2002:str", "tag:yaml.org,2002:seq", "tag:yaml.org,2002:map", ""]

    private func content(of scalar: Node.Scalar) -> DocumentNode.Content {
        let isPlain = scalar.style == .plain || scalar.style == .any
        let isNothing = scalar.string.isEmpty || scalar.string == "~" || (isJSON && scalar.string == "null")
        return isPlain && isNothing ? .nothing : .scalar(scalar.string)
    }

    private mutating func entries(of mapping: Node.Mapping, key: String) -> [DocumentNode.Entry] {
        var entries: [DocumentNode.Entry] = []
        var first: [String: Place] = [:]
        for (keyNode, valueNode) in mapping {
            let place = keyNode.mark.map { Place(line: $0.line, column: $0.column) } ?? .start
            guard case .scalar(let scalar) = keyNode else {
                faults.add(place, key, "a key must be a word")
                continue
            }
            let name = masked[place] ?? scalar.string
            let path = key.isEmpty ? name : "\(key).\(name)"
            if let earlier = first[name] {
                faults.add(place, path, "the key is given twice; the first is in line \(earlier.line)")
                continue
            }
            first[name] = place
            if name == "<<" {
                faults.add(place, path, "YAML merge keys (<<) are not read; write the values out, or put them under 'defaults'")
                continue
            }
            entries.append(DocumentNode.Entry(key: name, place: place, value: convert(valueNode, key: path)))
        }
        return entries
    }

    /// Yams refuses a whole document for one repeated key and says only where the first of them is: that one is given a name of its own, of
    /// equal length, and the document is read again. False where the key is written in a way that cannot be masked.
    private mutating func mask(_ key: String, at place: Place) -> Bool {
        guard masked[place] == nil, masked.count < 1000, var index = SourceLines.index(of: place, in: scalars) else { return false }
        if scalars[index] == "\"" || scalars[index] == "'" { index += 1 }
        guard index < scalars.count, scalars[index] == key.unicodeScalars.first,
            let name = Unicode.Scalar(UInt32(0xE000 + masked.count))
        else { return false }
        scalars[index] = name
        masked[place] = key
        return true
    }
}
