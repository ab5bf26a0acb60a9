import MediaModel

/// Says which tile shows which moment: WebVTT cues whose text is a sheet and a spatial fragment (W3C Media Fragments, 4.2.2).
struct SpriteMap {
    let images: ImagePlan
    /// Of the title, in seconds.
    let duration: Rational

    /// The whole file. Cues touch each other, begin at 0 and end with the title, to the next millisecond.
    var text: String {
        let count = images.tileFrames.count
        var text = "WEBVTT\n"
        for number in 0..<count {
            let start = min(images.interval * Rational(Int64(number)), duration)
            let end = number + 1 == count ? duration : min(images.interval * Rational(Int64(number + 1)), duration)
            text += "\n\(SpriteMap.stamp(start)) --> \(SpriteMap.stamp(end))\n\(place(of: number))\n"
        }
        return text
    }

    private func place(of number: Int) -> String {
        let (sheet, inSheet) = number.quotientAndRemainder(dividingBy: images.columns * images.rows)
        let (width, height) = (images.tile.width, images.tile.height)
        let (x, y) = (inSheet % images.columns * width, inSheet / images.columns * height)
        return "\(SpriteSheets.name(sheet))#xywh=\(x),\(y),\(width),\(height)"
    }

    /// Rounded up, so that the last cue holds the last moment; the same moment always reads the same.
    private static func stamp(_ seconds: Rational) -> String {
        let milliseconds = (seconds * Rational(1000)).ceiling
        func digits(_ number: Int64, _ count: Int) -> String {
            let text = String(number)
            return String(repeating: "0", count: max(0, count - text.count)) + text
        }
        let clock = [(milliseconds / 3_600_000, 2), (milliseconds / 60000 % 60, 2), (milliseconds / 1000 % 60, 2)]
        return clock.map(digits).joined(separator: ":") + "." + digits(milliseconds % 1000, 3)
    }
}
