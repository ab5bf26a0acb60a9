/// Encodings that subtitle files come in, beside UTF-8 and UTF-16 with their marks: by the names of the web's Encoding Standard.
package enum TextEncoding: String, Codable, CaseIterable, Sendable {
    case utf8 = "utf-8"
    case utf16le = "utf-16le"
    case utf16be = "utf-16be"
    case windows1250 = "windows-1250"
    case windows1251 = "windows-1251"
    case windows1252 = "windows-1252"
    case windows1253 = "windows-1253"
    case windows1254 = "windows-1254"
    case windows1255 = "windows-1255"
    case windows1256 = "windows-1256"
    case windows1257 = "windows-1257"
    case windows1258 = "windows-1258"
    case windows874 = "windows-874"
    case latin1 = "iso-8859-1"
    case latin2 = "iso-8859-2"
    case cyrillic = "iso-8859-5"
    case greek = "iso-8859-7"
    case hebrew = "iso-8859-8"
    case turkish = "iso-8859-9"
    case latin9 = "iso-8859-15"
    case koi8r = "koi8-r"
    case koi8u = "koi8-u"
    case ibm866
    case ibm437
    case ibm850
    case macintosh
    case shiftJIS = "shift_jis"
    case eucJP = "euc-jp"
    case eucKR = "euc-kr"
    case gbk
    case gb18030
    case big5

    /// The encoding that files in a language come in when they are not in Unicode, by the language's primary subtag and, for Chinese, its
    /// script or region.
    package static func usual(for language: String) -> TextEncoding {
        let parts = language.lowercased().split(separator: "-").map(String.init)
        switch parts.first ?? "" {
        case "be", "bg", "kk", "mk", "mn", "ru", "sr", "tg", "uk": return parts.contains("latn") ? .windows1250 : .windows1251
        case "bs", "cs", "hr", "hu", "pl", "ro", "sh", "sk", "sl", "sq": return .windows1250
        case "el": return .windows1253
        case "az", "tr": return .windows1254
        case "he", "yi": return .windows1255
        case "ar", "fa", "ps", "ur": return .windows1256
        case "et", "lt", "lv": return .windows1257
        case "vi": return .windows1258
        case "th": return .windows874
        case "ja": return .shiftJIS
        case "ko": return .eucKR
        case "zh", "cmn", "yue": return parts.contains { ["hant", "tw", "hk", "mo"].contains($0) } ? .big5 : .gb18030
        default: return .windows1252
        }
    }
}
