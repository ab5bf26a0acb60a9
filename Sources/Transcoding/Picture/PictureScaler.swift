package import Libav
package import MediaModel

/// Turns, converts and scales pictures for every rung that a pass was handed.
///
/// Small rungs are not scaled from the full picture but from a half, a quarter … of it, made once for all of them by the same filter. Which
/// level a rung is scaled from follows from the source's size and the rung's alone, so that a rung's bytes never depend on its neighbours.
package final class PictureScaler {
    /// What one consumer wants, in pixels and bits.
    package struct Target: Hashable, Sendable {
        package var width: Int
        package var height: Int
        /// 8 or 10.
        package var bitDepth: Int

        package init(width: Int, height: Int, bitDepth: Int) {
            self.width = width
            self.height = height
            self.bitDepth = bitDepth
        }

        var pixelFormat: String { bitDepth == 10 ? "yuv420p10le" : "yuv420p" }
    }

    private let picture: PicturePlan
    private var base: Stage?
    private var stages: [Target: Stage] = [:]
    private var shape: FrameShape?
    /// Sides of the picture as it is stored, or as it was fitted in.
    private var sides = (width: 0, height: 0)
    private var serial = 0
    /// Sizes that were not the source's own, and were fitted in with bars.
    package private(set) var fitted: [String] = []

    /// One filter chain and the picture that it gave last.
    private final class Stage {
        let graph: FilterGraph?
        var result: Frame?
        var serial = -1

        init(graph: FilterGraph?) { self.graph = graph }
    }

    package init(picture: PicturePlan) { self.picture = picture }

    /// Hands in the next decoded picture; scaled ones are made of it when they are asked for.
    /// - Parameter serial: the same number says that it is the same picture again.
    package func take(_ frame: borrowing Frame, serial: Int) throws(TranscodingError) {
        guard serial != self.serial || base == nil else { return }
        self.serial = serial
        try wrapping(.unsupported, "convert the picture") { () throws(LibavError) in
            if shape != frame.shape { try rebuild(for: frame) }
            guard let base else { return }
            base.serial = serial
            if let graph = base.graph {
                try graph.push(frame)
                let turned = try Frame()
                guard try graph.pull(into: turned) else { throw PictureScaler.heldBack }
                base.result = consume turned
            } else {
                base.result = try frame.reference()
            }
        }
    }

    /// The current picture in the size and depth asked for; the caller owns the reference.
    package func scaled(to target: Target) throws(TranscodingError) -> Frame {
        try wrapping(.unsupported, "scale the picture to \(target.width)x\(target.height)") { () throws(LibavError) in
            try make(target)
        }
    }

    private static let heldBack = LibavError(
        code: LibavError.invalidData, operation: "filter a picture", detail: "the filter chain gave nothing back", log: "")

    // MARK: Levels

    /// Sides of the picture as all levels are made from it: cut, and turned.
    private func turnedSides() -> (width: Int, height: Int) {
        let (width, height) = picture.crop.size(of: sides.width, sides.height)
        return picture.orientation.swapsSides ? (height, width) : (width, height)
    }

    /// What `target` is scaled from: the smallest half of the turned picture that holds it, the level above it where it is a level itself;
    /// nil: the picture.
    private func level(above target: Target) -> Target? {
        guard shape != nil else { return nil }
        var (width, height) = turnedSides()
        var found: Target?
        while true {
            (width, height) = ((width / 2 + 1) & ~1, (height / 2 + 1) & ~1)
            guard width >= target.width, height >= target.height else { return found }
            let level = Target(width: width, height: height, bitDepth: target.bitDepth)
            if level == target {
                // Two pixels have no half: a level that is as wide or as high as the one above it is made from the picture.
                return found.flatMap { $0.width > target.width && $0.height > target.height ? $0 : nil }
            }
            found = level
        }
    }

    private func make(_ target: Target) throws(LibavError) -> Frame {
        if let stage = stages[target], stage.serial == serial, let done = try stage.result?.reference() { return done }
        let scaled: Frame
        if let level = level(above: target) {
            let input = try make(level)
            scaled = try run(target, input, isFirst: false)
        } else {
            guard let input = try base?.result?.reference() else { throw PictureScaler.heldBack }
            if isWanted(input.shape, by: target) { return PictureScaler.finished(input, color: picture.output) }
            scaled = try run(target, input, isFirst: true)
        }
        return scaled
    }

    /// True where the decoded picture is what the target is to be: a filter would copy it, bit by bit.
    private func isWanted(_ shape: FrameShape, by target: Target) -> Bool {
        shape.width == target.width && shape.height == target.height && shape.pixelFormatName == target.pixelFormat
            && picture.input == picture.output && (shape.sampleAspectRatio == .one || shape.sampleAspectRatio <= .zero)
    }

    private static func finished(_ picture: consuming Frame, color: ColorTags) -> Frame {
        picture.dropMetadata()
        picture.setColor(color)
        return picture
    }

    private func run(_ target: Target, _ input: borrowing Frame, isFirst: Bool) throws(LibavError) -> Frame {
        let stage: Stage
        if let known = stages[target] {
            stage = known
        } else {
            stage = Stage(
                graph: try FilterGraph(
                    chain(to: target, from: input.shape, isFirst: isFirst),
                    input: .video(input.shape, color: isFirst ? picture.input : picture.output, timeBase: Rational(1, 1000), frameRate: nil)
                ))
            stages[target] = stage
        }
        guard let graph = stage.graph else { throw PictureScaler.heldBack }
        try graph.push(input)
        let output = try Frame()
        guard try graph.pull(into: output) else { throw PictureScaler.heldBack }
        let finished = PictureScaler.finished(output, color: picture.output)
        stage.result = try finished.reference()
        stage.serial = serial
        return finished
    }

    // MARK: Chains

    private func rebuild(for frame: borrowing Frame) throws(LibavError) {
        shape = frame.shape
        stages = [:]
        let fit = ShapeFit(frame.shape, color: frame.color, into: picture)
        sides = fit.map { ($0.stored.width, $0.stored.height) } ?? (frame.shape.width, frame.shape.height)
        if fit != nil, fitted.count < 5 {
            let size = "\(frame.shape.width)x\(frame.shape.height)"
            if !fitted.contains(size) { fitted.append(size) }
        }
        let chain =
            (fit?.chain ?? PlanarFormat.prefix(of: frame.shape)) + PictureScaler.cut(picture.crop) + PictureScaler.turn(picture.orientation)
        // A chain that does nothing would still cost a copy of the frame's properties.
        let graph: FilterGraph? =
            chain.isEmpty
            ? nil
            : try FilterGraph(
                String(chain.dropLast()), input: .video(frame.shape, color: frame.color, timeBase: Rational(1, 1000), frameRate: nil))
        base = Stage(graph: graph)
    }

    private func chain(to target: Target, from shape: FrameShape, isFirst: Bool) -> String {
        var zscale = "zscale=w=\(target.width):h=\(target.height):filter=lanczos"
        let depth = PixelFormat(shape.pixelFormatName)?.bitDepth ?? 8
        if isFirst {
            // Every tag is said: zscale refuses to guess, and the source's own tags may be missing.
            let (from, to) = (picture.input, picture.output)
            zscale += ":min=\(from.matrix):tin=\(from.transfer):pin=\(from.primaries):rin=\(from.isFullRange ? "full" : "limited")"
            zscale += ":m=\(to.matrix):t=\(to.transfer):p=\(to.primaries):r=limited:cin=left:c=left"
            // Fewer bits without dithering would draw bands into a sky.
            if depth > target.bitDepth { zscale += ":dither=ordered" }
        }
        return "\(zscale),format=\(target.pixelFormat)"
    }

    /// Ends with a comma, where there is anything to cut.
    private static func cut(_ crop: Crop) -> String {
        crop.isNone ? "" : "crop=iw-\(crop.left + crop.right):ih-\(crop.top + crop.bottom):\(crop.left):\(crop.top),"
    }

    /// First mirrored, then turned; each part ends with a comma.
    private static func turn(_ orientation: Orientation) -> String {
        let mirror = orientation.mirrored ? "hflip," : ""
        switch orientation.clockwise {
        case 90: return mirror + "transpose=clock,"
        case 180: return mirror + "hflip,vflip,"
        case 270: return mirror + "transpose=cclock,"
        default: return mirror
        }
    }
}
