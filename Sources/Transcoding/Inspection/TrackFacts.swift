import Libav
import MediaModel

extension VideoTrackInfo {
    init(_ stream: MediaStream, probe: PictureProbe, timing: FrameTiming) {
        self.init(
            stream: stream.index, codec: stream.codec, width: probe.shape.width, height: probe.shape.height,
            sampleAspectRatio: [stream.containerAspectRatio, probe.shape.sampleAspectRatio, stream.sampleAspectRatio]
                .first { $0 > .zero } ?? .one,
            orientation: stream.orientation == .upright && timing.frames == 1 ? probe.orientation : stream.orientation,
            pixelFormat: probe.shape.pixelFormatName,
            bitDepth: PixelFormat(probe.shape.pixelFormatName)?.bitDepth ?? 8, color: probe.color, isInterlaced: probe.isInterlaced,
            frameRate: timing.frameRate, averageFrameRate: timing.averageFrameRate, hasConstantFrameRate: timing.isConstant,
            frames: timing.frames, start: timing.start, end: timing.end, lastStart: timing.lastStart,
            access: timing.access)
        hasContainerAspect = stream.containerAspectRatio > .zero
    }
}

extension AudioTrackInfo {
    init(_ stream: MediaStream, start: Rational, end: Rational, filled: Rational) {
        self.init(
            stream: stream.index, codec: stream.codec, sampleRate: stream.sampleRate, channels: stream.channels, layout: stream.layout,
            language: stream.language, label: stream.title, isDefault: stream.isDefault, isCommentary: stream.isCommentary, start: start,
            end: end, filled: filled)
    }
}
