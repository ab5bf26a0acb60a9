import Glibc

/// How good a poster a picture would make, from its luma alone.
struct PosterScore: Comparable {
    /// What no merit outweighs.
    enum Grade: Int, Comparable {
        /// Black, white, or one flat colour.
        case blank
        case blurred
        case good

        static func < (a: Grade, b: Grade) -> Bool { a.rawValue < b.rawValue }
    }

    let grade: Grade
    /// 0 to 1.
    let merit: Double

    static func < (a: PosterScore, b: PosterScore) -> Bool { (a.grade, a.merit) < (b.grade, b.merit) }

    /// - Parameter luma: 8 bits, limited range, rows without padding; of about 640 pixels on the longer side, where focus can be told.
    init(luma: [UInt8], width: Int, height: Int) {
        let light = Light(luma)
        let edges = PosterScore.laplacianVariance(luma, width, height)
        if light.high < 0.12 || light.low > 0.93 || light.mean < 0.04 || light.deviation < 0.02 {
            grade = .blank
        } else {
            grade = edges < 8 ? .blurred : .good
        }
        let sharpness = min(1, log2(1 + edges) / 11)
        let fairness = exp(-pow((light.mean - 0.45) / 0.28, 2))
        let contrast = min(1, light.deviation / 0.22)
        // A product: a picture that fails in one respect is not saved by the others.
        merit = pow(sharpness, 0.45) * pow(fairness, 0.25) * pow(contrast, 0.15) * pow(light.variety, 0.15)
    }

    /// How the luma is spread, in parts of the range from black (0) to white (1).
    private struct Light {
        var mean = 0.0
        var deviation = 0.0
        /// The levels below which a twentieth, and nineteen twentieths, of the pixels lie.
        var low = 0.0
        var high = 0.0
        /// Entropy of the histogram in steps of four levels, in parts of the most that can be.
        var variety = 0.0

        init(_ luma: [UInt8]) {
            guard !luma.isEmpty else { return }
            var histogram = [Int](repeating: 0, count: 256)
            for level in luma { histogram[Int(level)] += 1 }
            let count = Double(luma.count)
            var below = 0
            var squares = 0.0
            var isLowFound = false
            var isHighFound = false
            for (level, pixels) in histogram.enumerated() where pixels > 0 {
                let part = min(1, max(0, Double(level - 16) / 219))
                below += pixels
                mean += part * Double(pixels) / count
                squares += part * part * Double(pixels) / count
                if !isLowFound && below * 20 >= luma.count { (low, isLowFound) = (part, true) }
                if !isHighFound && below * 20 >= luma.count * 19 { (high, isHighFound) = (part, true) }
            }
            deviation = max(0, squares - mean * mean).squareRoot()
            for step in stride(from: 0, to: 256, by: 4) {
                let share = Double(histogram[step..<step + 4].reduce(0, +)) / count
                if share > 0 { variety -= share * log2(share) / 6 }
            }
        }
    }

    /// Variance of the four-neighbour Laplacian: large where edges are steep, near 0 where all is out of focus.
    private static func laplacianVariance(_ luma: [UInt8], _ width: Int, _ height: Int) -> Double {
        guard width > 2, height > 2 else { return 0 }
        var sum = 0
        var squares = 0
        for row in 1..<height - 1 {
            let start = row * width
            for place in start + 1..<start + width - 1 {
                let around = Int(luma[place - 1]) + Int(luma[place + 1]) + Int(luma[place - width]) + Int(luma[place + width])
                let value = 4 * Int(luma[place]) - around
                sum += value
                squares += value * value
            }
        }
        let count = Double((width - 2) * (height - 2))
        let mean = Double(sum) / count
        return Double(squares) / count - mean * mean
    }
}
