import Libav
import Testing

struct PacketTests {
    @Test func thePartsOfAnEmptyPacketAreEmpty() throws {
        let packet = try Packet()
        let (bytes, presentation, decoding, position) = (packet.bytes, packet.presentation, packet.decoding, packet.position)
        #expect(bytes == [])
        #expect(presentation == nil && decoding == nil)
        #expect(position == -1)
        packet.setTimes(presentation: 5, decoding: -2, duration: 1)
        let times = [packet.presentation, packet.decoding, packet.duration]
        #expect(times == [5, -2, 1])
    }
}
