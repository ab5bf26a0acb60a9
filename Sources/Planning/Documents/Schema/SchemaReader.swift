import MediaModel

/// Holds a document against its schema: every fault is noted, and all that is sound comes back typed.
struct SchemaReader {
    private(set) var faults: Faults

    /// - Parameter diagnostics: what is already known about the file, such as repeated keys.
    init(file: String, diagnostics: [Diagnostic] = []) {
        faults = Faults(file: file)
        faults.add(diagnostics)
    }

    /// The document's mapping; nil where it is none.
    mutating func read(_ root: DocumentNode, as shape: RecordShape) -> TypedRecord? {
        value(root, .record(shape), key: "")?.record
    }

    private mutating func value(_ node: DocumentNode, _ shape: Shape, key: String) -> TypedValue? {
        switch (shape, node.content) {
        case (_, .refused): return nil
        case (.later(let what), _):
            faults.add(node.place, key, "\(what) is not supported yet")
            return nil
        case (_, .nothing):
            faults.add(node.place, key, "has no value; give it one or leave the key out")
            return nil
        case (.record(let shape), .record(let entries)), (.either(_, let shape), .record(let entries)):
            return typed(node, key, .record(record(entries, shape, at: node.place, key: key)))
        case (.list(let shape, let least), .list(let nodes)):
            return list(nodes, shape, atLeast: least, node: node, key: key)
        case (.options, .record(let entries)):
            return typed(node, key, .options(options(entries, key: key)))
        case (.either(let shape, _), .scalar(let text)):
            return scalar(text, shape, node: node, key: key)
        case (.record, _), (.list, _), (.options, _), (.either, _):
            faults.add(node.place, key, "must be \(shape.description), not \(node.content.description)")
            return nil
        case (_, .scalar(let text)):
            return scalar(text, shape, node: node, key: key)
        case (_, .list), (_, .record):
            faults.add(node.place, key, "must be \(shape.description), not \(node.content.description)")
            return nil
        }
    }

    private func typed(_ node: DocumentNode, _ key: String, _ content: TypedValue.Content) -> TypedValue {
        TypedValue(place: node.place, key: key, content: content)
    }

    private mutating func scalar(_ text: String, _ shape: Shape, node: DocumentNode, key: String) -> TypedValue? {
        switch ScalarReader.read(text, as: shape) {
        case .value(let content): return typed(node, key, content)
        case .fault(let message, let suggestion):
            faults.add(node.place, key, message, suggestion: suggestion)
            return nil
        }
    }

    private mutating func list(
        _ nodes: [DocumentNode], _ shape: Shape, atLeast least: Int, node: DocumentNode, key: String
    ) -> TypedValue? {
        if nodes.count < least {
            faults.add(node.place, key, "the list is empty; at least one entry is needed")
            return nil
        }
        var values: [TypedValue] = []
        for (index, item) in nodes.enumerated() {
            if let value = value(item, shape, key: "\(key)[\(index)]") { values.append(value) }
        }
        return typed(node, key, .list(values))
    }

    private mutating func options(_ entries: [DocumentNode.Entry], key: String) -> [TypedValue.Option] {
        entries.compactMap { entry in
            guard case .scalar(let text) = entry.value.content else {
                if entry.value.content != .refused {
                    faults.add(entry.value.place, "\(key).\(entry.key)", "must be text, not \(entry.value.content.description)")
                }
                return nil
            }
            return TypedValue.Option(key: entry.key, place: entry.place, value: text)
        }
    }

    private mutating func record(
        _ entries: [DocumentNode.Entry], _ shape: RecordShape, at place: Place, key: String
    ) -> TypedRecord {
        var record = TypedRecord(place: place, key: key)
        var meant: Set<String> = []
        for entry in entries {
            guard let field = shape.field(entry.key) else {
                meant.formUnion(unknown(entry, shape, key: record.path(entry.key)))
                continue
            }
            record.given.insert(field.key)
            if case .later(let what) = field.shape {
                faults.add(entry.place, record.path(field.key), "\(what) is not supported yet")
            } else if let value = value(entry.value, field.shape, key: record.path(field.key)) {
                record.values[field.key] = value
            }
        }
        for field in shape.fields where field.isRequired && !record.given.contains(field.key) && !meant.contains(field.key) {
            faults.add(place, record.path(field.key), "is missing: \(field.doc.asClause)")
        }
        for rule in shape.rules { check(rule, record) }
        return record
    }

    /// Reports a key that nobody knows; returns the one that was meant, which then is not called missing too.
    private mutating func unknown(_ entry: DocumentNode.Entry, _ shape: RecordShape, key: String) -> Set<String> {
        if let home = shape.fields.first(where: { $0.shape.record?.field(entry.key) != nil }) {
            faults.add(entry.place, key, "unknown key here; it belongs under '\(home.key)'")
            return []
        }
        let nearest = NearestWord.to(entry.key, in: shape.keys)
        let known = nearest == nil ? "; known here: \(shape.keys.joined(separator: ", "))" : ""
        faults.add(entry.place, key, "unknown key\(known)", suggestion: nearest)
        return nearest.map { [$0] } ?? []
    }

    private mutating func check(_ rule: RecordRule, _ record: TypedRecord) {
        switch rule {
        case .together(let a, let b, let why):
            guard record.given.contains(a) != record.given.contains(b) else { return }
            let (given, missing) = record.given.contains(a) ? (a, b) : (b, a)
            faults.add(record.place(of: given), record.path(given), "\(given) needs \(missing): \(why)")
        case .only(let a, let b, let value, let why):
            // One that was refused has been reported.
            guard record.given.contains(a), !record.given.contains(b) || record.text(b).map({ $0 != value }) == true else { return }
            faults.add(record.place(of: a), record.path(a), "\(a) needs '\(b): \(value)': \(why)")
        case .exactlyOne(let a, let b):
            if record.given.isSuperset(of: [a, b]) {
                faults.add(record.place(of: b), record.path(b), "\(a) and \(b) exclude each other; keep one")
            } else if record.given.isDisjoint(with: [a, b]) {
                faults.add(record.place, record.key, "\(a) or \(b) is missing")
            }
        case .notBoth(let a, let b, let why):
            guard record.given.isSuperset(of: [a, b]) else { return }
            faults.add(record.place(of: b), record.path(b), "\(a) and \(b) exclude each other: \(why)")
        }
    }
}

extension String {
    /// A sentence of the schema as the end of another: no capital, no full stop.
    fileprivate var asClause: String {
        (prefix(1).lowercased() + dropFirst()).trimmingSuffix(".")
    }

    private func trimmingSuffix(_ suffix: String) -> String { hasSuffix(suffix) ? String(dropLast(suffix.count)) : self }
}
