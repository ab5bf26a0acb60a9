import Foundation
import Libav
import MediaModel
import TestSupport
import Testing

struct DecoderTests {
    /// Presentation times of all frames of one stream, in order.
    private func times(_ path: String, stream: Int) throws -> [Int64?] {
        let demuxer = try Demuxer(path: path)
        demuxer.select([stream])
        let decoder = try demuxer.decoder(forStream: stream)
        let packet = try Packet()
        let frame = try Frame()
        var times: [Int64?] = []
        while try demuxer.read(into: packet) {
            try decoder.send(packet)
            while try decoder.receive(into: frame) { times.append(frame.presentation) }
        }
        try decoder.finish()
        while try decoder.receive(into: frame) { times.append(frame.presentation) }
        return times
    }

    @Test func givesAsManyFramesAsTheJudgeCounts() throws {
        let path = try ClipShelf.film()
        #expect(try times(path, stream: 0).count == Judge.frames(path))
        #expect(try times(path, stream: 0).count == 100)
    }

    @Test func picturesComeInTheOrderTheyAreShown() throws {
        let shown = try times(ClipShelf.film(), stream: 0).compactMap(\.self)
        #expect(shown.count == 100)
        #expect(shown == shown.sorted())
        #expect(Set(zip(shown, shown.dropFirst()).map { $1 - $0 }).count == 1)
    }

    @Test func soundComesWhole() throws {
        let demuxer = try Demuxer(path: ClipShelf.film())
        demuxer.select([1])
        let decoder = try demuxer.decoder(forStream: 1)
        let packet = try Packet()
        let frame = try Frame()
        var samples = 0
        while try demuxer.read(into: packet) {
            try decoder.send(packet)
            while try decoder.receive(into: frame) {
                samples += frame.samples
                #expect(frame.sampleShape.layout == "stereo")
                #expect(frame.sampleRate == 44100)
            }
        }
        #expect(samples >= 4 * 44100 && samples < 4 * 44100 + 2048)
    }

    @Test func startsAnewAfterAFlush() throws {
        let demuxer = try Demuxer(path: ClipShelf.film())
        demuxer.select([0])
        let decoder = try demuxer.decoder(forStream: 0)
        let packet = try Packet()
        let frame = try Frame()
        #expect(try demuxer.read(into: packet))
        try decoder.send(packet)
        try decoder.finish()
        try decoder.finish()
        #expect(try decoder.receive(into: frame))
        #expect(frame.presentation == 0)
        #expect(try !decoder.receive(into: frame))
        decoder.flush()
        try decoder.send(packet)
        try decoder.finish()
        #expect(try decoder.receive(into: frame))
        #expect(frame.color == .bt709)
        #expect(!frame.isDamaged && !frame.isInterlaced)
    }

    @Test func damageIsToldAndDecodingGoesOn() throws {
        let folder = try TemporaryFolder()
        var bytes = try [UInt8](Data(contentsOf: URL(fileURLWithPath: ClipShelf.film())))
        let mdat = try #require(bytes.indices.dropLast(4).first { bytes[$0..<$0 + 4].elementsEqual("mdat".utf8) })
        for place in stride(from: mdat + 20_000, to: min(mdat + 60_000, bytes.count), by: 97) { bytes[place] ^= 0xFF }
        let demuxer = try Demuxer(path: folder.write(bytes, to: "damaged.mp4"))
        demuxer.select([0])
        let decoder = try demuxer.decoder(forStream: 0)
        let packet = try Packet()
        let frame = try Frame()
        Log.beginCollecting()
        var (frames, refused) = (0, 0)
        while try demuxer.read(into: packet) {
            do { try decoder.send(packet) } catch { refused += 1 }
            while try decoder.receive(into: frame) { frames += 1 }
        }
        #expect(frames > 20)
        #expect(refused > 0 || Log.drain().contains { $0.isError })
    }
}
