import Formats
import MediaModel
import Testing

@testable import Packaging

@Suite struct MediaPresentationDescriptionTests {
    @Test func writesPictureSoundAndText() {
        let package = SamplePackage.package(
            Array(SamplePackage.ladder[1...]), audio: [SamplePackage.audio("en-aac", isDefault: true)],
            text: [SamplePackage.text("en", language: "en", label: "English", role: .captions)])
        #expect(
            MediaPresentationDescription.text(package) == """
                <?xml version="1.0" encoding="UTF-8"?>
                <MPD xmlns="urn:mpeg:dash:schema:mpd:2011" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" \
                xsi:schemaLocation="urn:mpeg:dash:schema:mpd:2011 DASH-MPD.xsd" \
                profiles="urn:mpeg:dash:profile:isoff-live:2011,urn:mpeg:dash:profile:cmaf:2019" type="static" \
                mediaPresentationDuration="PT15.015000S" maxSegmentDuration="PT6.016S" minBufferTime="PT6.0S">
                  <Period id="0" start="PT0S">
                    <AdaptationSet id="0" contentType="video" mimeType="video/mp4" segmentAlignment="true" startWithSAP="1" \
                maxWidth="960" maxHeight="540" maxFrameRate="30000/1001" par="16:9">
                      <SupplementalProperty schemeIdUri="urn:mpeg:mpegB:cicp:ColourPrimaries" value="1"/>
                      <SupplementalProperty schemeIdUri="urn:mpeg:mpegB:cicp:TransferCharacteristics" value="1"/>
                      <SupplementalProperty schemeIdUri="urn:mpeg:mpegB:cicp:MatrixCoefficients" value="1"/>
                      <Role schemeIdUri="urn:mpeg:dash:role:2011" value="main"/>
                      <SegmentTemplate timescale="30000" startNumber="1" initialization="video/$RepresentationID$/init.mp4" \
                media="video/$RepresentationID$/$Number%05d$.m4s">
                        <SegmentTimeline>
                          <S t="0" d="180180" r="1"/>
                          <S d="90090"/>
                        </SegmentTimeline>
                      </SegmentTemplate>
                      <Representation id="540p" codecs="avc1.64001f" bandwidth="3150000" width="960" height="540" \
                frameRate="30000/1001" sar="1:1"/>
                      <Representation id="234p" codecs="avc1.64001f" bandwidth="217500" width="416" height="234" \
                frameRate="30000/1001" sar="1:1"/>
                    </AdaptationSet>
                    <AdaptationSet id="1" contentType="audio" mimeType="audio/mp4" lang="en" segmentAlignment="true" startWithSAP="1">
                      <AudioChannelConfiguration schemeIdUri="urn:mpeg:dash:23003:3:audio_channel_configuration:2011" value="2"/>
                      <Label>English</Label>
                      <Role schemeIdUri="urn:mpeg:dash:role:2011" value="main"/>
                      <SegmentTemplate timescale="48000" startNumber="1" initialization="audio/en-aac/init.mp4" \
                media="audio/en-aac/$Number%05d$.m4s">
                        <SegmentTimeline>
                          <S t="0" d="288768"/>
                          <S d="287744"/>
                          <S d="144144"/>
                        </SegmentTimeline>
                      </SegmentTemplate>
                      <Representation id="audio-en-aac" codecs="mp4a.40.2" bandwidth="130000" audioSamplingRate="48000"/>
                    </AdaptationSet>
                    <AdaptationSet id="2" mimeType="application/mp4" codecs="wvtt" lang="en" segmentAlignment="true" startWithSAP="1">
                      <Label>English</Label>
                      <Accessibility schemeIdUri="urn:mpeg:dash:role:2011" value="caption"/>
                      <Role schemeIdUri="urn:mpeg:dash:role:2011" value="caption"/>
                      <SegmentTemplate timescale="30000" startNumber="1" initialization="text/en/init.mp4" \
                media="text/en/$Number%05d$.m4s">
                        <SegmentTimeline>
                          <S t="0" d="180180" r="1"/>
                          <S d="90090"/>
                        </SegmentTimeline>
                      </SegmentTemplate>
                      <Representation id="text-en" bandwidth="400"/>
                    </AdaptationSet>
                  </Period>
                </MPD>

                """)
    }

    @Test func roundsDurationsUp() {
        #expect(MediaPresentationDescription.duration(Rational(1001, 24000), digits: 6) == "PT0.041709S")
        #expect(MediaPresentationDescription.duration(Rational(6), digits: 3) == "PT6.000S")
    }

    /// At @bandwidth every segment must have come when it is due: here the second one is twice as large as the first.
    @Test func waitsForTheLargestSegmentAtTheDeclaredBandwidth() {
        var segments = SamplePackage.segments([4000, 4000, 4000], bytes: 500_000)
        segments[1].bytes = 1_000_000
        #expect(BufferTime.seconds(segments, timescale: 1000, bandwidth: 1_000_000) == Rational(8))
        // 4 s + 8 s of data with 4 s played meanwhile are as bad; a second large one is worse.
        segments[2].bytes = 1_000_000
        #expect(BufferTime.seconds(segments, timescale: 1000, bandwidth: 1_000_000) == Rational(12))
        #expect(BufferTime.seconds(segments, timescale: 1000, bandwidth: 2_000_000) == Rational(4))
    }
}
