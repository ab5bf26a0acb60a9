import Planning

/// The command that somebody most likely meant who typed another word.
package enum NearestCommand {
    package static func to(_ word: String, in names: [String]) -> String? { NearestWord.to(word, in: names) }
}
