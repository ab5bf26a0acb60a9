import CFFmpeg

/// Reads from a coded picture's headers what its container may not say: its kind, its place among those shown, whether it is one field.
/// Decodes nothing. Owns the parser and the parameters that it reads by; packets stay the caller's.
package final class PictureParser {
    package struct Facts: Sendable, Equatable {
        package enum Kind: Sendable { case intra, predicted, bidirectional, unknown }
        package enum Structure: Sendable { case frame, topField, bottomField }

        package var kind: Kind
        package var structure: Structure
        /// Ascending in the order of showing, from one reset to the next (H.264 8.2.1, HEVC 8.3.1); nil for codecs that have no such
        /// number.
        package var order: Int?

        package init(kind: Kind, structure: Structure, order: Int?) {
            self.kind = kind
            self.structure = structure
            self.order = order
        }
    }

    private let parser: UnsafeMutablePointer<AVCodecParserContext>
    private let context: UnsafeMutablePointer<AVCodecContext>
    private let hasOrder: Bool

    /// - Returns: nil where this FFmpeg has no parser for the codec.
    init?(stream: UnsafeMutablePointer<AVStream>) {
        guard let parameters = stream.pointee.codecpar, let parser = av_parser_init(Int32(parameters.pointee.codec_id.rawValue)) else {
            return nil
        }
        guard let context = avcodec_alloc_context3(nil) else {
            av_parser_close(parser)
            return nil
        }
        self.parser = parser
        self.context = context
        hasOrder = [AV_CODEC_ID_H264, AV_CODEC_ID_HEVC].contains(parameters.pointee.codec_id)
        parser.pointee.flags |= PARSER_FLAG_COMPLETE_FRAMES
        // Without them, headers that stand in the stream itself are read all the same.
        _ = avcodec_parameters_to_context(context, parameters)
    }

    deinit {
        av_parser_close(parser)
        var freeing: UnsafeMutablePointer<AVCodecContext>? = context
        avcodec_free_context(&freeing)
    }

    /// Reads one packet, which holds one picture or field, in the order of the file. What the parser complains about is the decoder's to
    /// say.
    package func facts(of packet: borrowing Packet) -> Facts {
        let pointer = packet.pointer
        Log.uncollected {
            var (out, size): (UnsafeMutablePointer<UInt8>?, Int32) = (nil, 0)
            _ = av_parser_parse2(
                parser, context, &out, &size, pointer.pointee.data, pointer.pointee.size, pointer.pointee.pts, pointer.pointee.dts,
                pointer.pointee.pos)
        }
        let kind: Facts.Kind =
            switch AVPictureType(UInt32(bitPattern: parser.pointee.pict_type)) {
            case AV_PICTURE_TYPE_I, AV_PICTURE_TYPE_SI: .intra
            case AV_PICTURE_TYPE_P, AV_PICTURE_TYPE_SP, AV_PICTURE_TYPE_S: .predicted
            case AV_PICTURE_TYPE_B, AV_PICTURE_TYPE_BI: .bidirectional
            default: .unknown
            }
        let structure: Facts.Structure =
            switch parser.pointee.picture_structure {
            case AV_PICTURE_STRUCTURE_TOP_FIELD: .topField
            case AV_PICTURE_STRUCTURE_BOTTOM_FIELD: .bottomField
            default: .frame
            }
        return Facts(kind: kind, structure: structure, order: hasOrder ? Int(parser.pointee.output_picture_number) : nil)
    }
}

extension Demuxer {
    /// A parser for one stream's packets; nil where this FFmpeg has none.
    package func parser(forStream index: Int) -> PictureParser? { PictureParser(stream: stream(at: index)) }
}
