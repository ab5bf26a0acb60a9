/// `run --refresh` without a word means all; the argument parser knows no option whose value may be left out.
enum BareRefresh {
    static func completed(_ arguments: [String]) -> [String] {
        guard arguments.first == "run" else { return arguments }
        return arguments.enumerated().flatMap { place, argument in
            let next = place + 1 < arguments.count ? arguments[place + 1] : ""
            // Another option, or the manifest; anything else is a word, right or wrong.
            let isSaid = !next.isEmpty && !next.hasPrefix("-") && !next.contains { "./".contains($0) }
            return argument == "--refresh" && !isSaid ? [argument, "all"] : [argument]
        }
    }
}
