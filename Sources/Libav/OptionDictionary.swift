import CFFmpeg

/// Options on their way into an open call, owned. libav takes out what it understands, so that what is left was not understood.
struct OptionDictionary: ~Copyable {
    private var dictionary: OpaquePointer?

    init(_ options: [(String, String)]) throws(LibavError) {
        for (key, value) in options { try check(av_dict_set(&dictionary, key, value, 0), "set the option '\(key)'") }
    }

    deinit {
        var dictionary = dictionary
        av_dict_free(&dictionary)
    }

    /// Lends the dictionary to an open call, which replaces it with what it did not understand.
    mutating func lend<Result>(_ body: (UnsafeMutablePointer<OpaquePointer?>) -> Result) -> Result { body(&dictionary) }

    /// Keys that nobody took.
    var leftover: [String] {
        var keys: [String] = []
        var entry: UnsafeMutablePointer<AVDictionaryEntry>?
        while let next = av_dict_get(dictionary, "", entry, AV_DICT_IGNORE_SUFFIX) {
            keys.append(String(cString: next.pointee.key))
            entry = next
        }
        return keys
    }
}

extension String {
    /// The value of one key in a libav dictionary that somebody else owns.
    init?(in dictionary: OpaquePointer?, key: String) {
        guard let entry = av_dict_get(dictionary, key, nil, 0), let value = entry.pointee.value else { return nil }
        self.init(cString: value)
    }
}
