import Libav
import MediaModel

/// What is on: every film with all that belongs to it. `manifest.yaml` speaks of the same files.
enum Programme {
    private static let film24 = Rational(24000, 1001)
    private static let video30 = Rational(30000, 1001)

    /// Colours of `gradients`, which takes new ones every time unless it is told all that it uses.
    private static let dusk = "c0=#f2b134:c1=#ed553b:c2=#20639b:c3=#3caea3:c4=#173f5f"
    private static let night = "c0=#0b1026:c1=#3a1c71:c2=#d76d77:c3=#ffaf7b:c4=#1f4068"

    /// A low chord that breathes.
    private static let hum = "0.03*sin(2*PI*110*t)*(1+sin(t/2))|0.03*sin(2*PI*165*t)*(1+cos(t/2))"

    // MARK: The Edge of the Map: a film of 36 s at 23.976 frames a second, narrated, with a second language

    static func edgeNarration() throws(LibavError) -> Narration {
        try Narration(
            voice: "slt", duration: 36, bed: hum,
            lines: [
                .init(start: 3, text: "Here is a map of one simple sum, done again and again."),
                .init(start: 9, text: "Where the numbers stay small, the map is dark."),
                .init(start: 14, text: "Let us go to the edge, where nothing is certain."),
                .init(start: 20, text: "Every bay has smaller bays, and every branch has smaller branches."),
                .init(start: 26.5, text: "However far we travel, there is always more coast ahead."),
                .init(start: 32, text: "The map has no end. The film has."),
            ])
    }

    static func edgeDub() throws(LibavError) -> Narration {
        try Narration(
            voice: "rms", duration: 36, bed: hum,
            lines: [
                .init(
                    start: 3, text: "Voici la carte d’un calcul très simple, répété sans fin.",
                    spoken: "vwa see lah cart dun cal cool tray sample, ray pay tay son fan"),
                .init(
                    start: 9, text: "Là où les nombres restent petits, la carte est noire.",
                    spoken: "lah oo lay nombruh rest puh tee, lah cart eh nwar"),
                .init(
                    start: 14, text: "Allons au bord, là où rien n’est certain.",
                    spoken: "ah lon oh bor, lah oo ree en nay sair tan"),
                .init(
                    start: 20, text: "Chaque baie a ses petites baies, chaque branche ses petites branches.",
                    spoken: "shack bay ah say puh teet bay, shack bronsh say puh teet bronsh"),
                .init(start: 27, text: "Si loin que l’on voyage, la côte continue.", spoken: "see lwan con voyage, lah coat continue"),
                .init(start: 32, text: "La carte n’a pas de fin. Le film, si.", spoken: "lah cart nah pah duh fan. luh film, see"),
            ])
    }

    static func edge(_ narration: Narration) -> Film {
        let rate = "rate=24000/1001"
        // The dark opening is a trap for whoever takes the first frame as the poster.
        let graph = """
            mandelbrot=size=640x360:\(rate):start_scale=3:end_scale=0.3:end_pts=288:maxiter=200,\
            trim=end_frame=288,setpts=PTS-STARTPTS,fade=in:0:48[a];\
            mandelbrot=size=640x360:\(rate):start_x=-0.743643887:start_y=-0.131825904:start_scale=0.3:end_scale=0.004:\
            end_pts=288:maxiter=300,trim=end_frame=288,setpts=PTS-STARTPTS[b];\
            mandelbrot=size=640x360:\(rate):start_x=-0.1015:start_y=-0.9563:start_scale=0.5:end_scale=0.01:end_pts=288:maxiter=300,\
            trim=end_frame=288,setpts=PTS-STARTPTS,fade=out:264:24[c];[a][b][c]concat=n=3
            """
        return Film(
            file: "masters/the-edge-of-the-map.mov",
            picture: Picture(graph: graph, width: 1280, height: 720, frameRate: film24, frames: 863),
            sound: .pcm(narration.graph, language: "eng"))
    }

    /// One picture of the same place, for the artwork.
    static let edgeArtwork =
        "mandelbrot=size=1600x900:start_x=-0.743643887:start_y=-0.131825904:start_scale=0.02:maxiter=900,trim=end_frame=1"

    // MARK: Signals: two episodes of a series, one with subtitles, one with captions

    static func signalsFirst() throws(LibavError) -> Narration {
        try Narration(
            voice: "kal16", duration: 24, bed: hum,
            lines: [
                .init(start: 1, text: "Signals. Episode one. The pattern that everybody knows."),
                .init(start: 8, text: "Bars and squares, so that nobody is ever in doubt about the colour."),
                .init(start: 16, text: "And if the picture moves, then so does time."),
            ])
    }

    static func signalsOne(_ narration: Narration) -> Film {
        let graph = """
            testsrc2=size=960x540:rate=25,format=gbrp,trim=end_frame=200[a];\
            smptehdbars=size=960x540:rate=25,format=gbrp,trim=end_frame=200,rotate=angle=0.02*sin(n/10):bilinear=0[b];\
            testsrc2=size=960x540:rate=25,format=gbrp,hue=h=180,trim=end_frame=200,setpts=PTS-STARTPTS[c];[a][b][c]concat=n=3
            """
        return Film(
            file: "masters/signals-s01e01.mp4",
            picture: Picture(graph: graph, width: 960, height: 540, frameRate: Rational(25), frames: 600),
            sound: .aac(narration.graph, language: "eng"))
    }

    static func signalsSecond() throws(LibavError) -> Narration {
        let beat = "0.12*sin(2*PI*(220+110*floor(mod(t,4)))*t)*exp(-4*mod(t,0.5))"
        return try Narration(
            voice: "awb", duration: 20, bed: "\(beat)|\(beat)",
            lines: [
                .init(start: 0, text: "[a slow, falling beat]", isSound: true),
                .init(start: 2.5, text: "Signals. Episode two. Noise."),
                .init(start: 9, text: "Not every signal has something to say."),
                .init(start: 15, text: "But somebody is always listening."),
            ])
    }

    static func signalsTwo(_ narration: Narration) -> Film {
        let graph = """
            cellauto=size=128x72:rate=30000/1001:rule=110:random_seed=7:random_fill_ratio=0.4:scroll=1,format=gray,\
            scale=1280:720:flags=neighbor,format=gbrp,colorchannelmixer=rr=0.2:gg=0.9:bb=0.6,trim=end_frame=300[a];\
            gradients=size=320x180:rate=30000/1001:seed=5:nb_colors=5:\(dusk):speed=0.03,format=gbrp,noise=alls=16:allf=t:all_seed=3,\
            scale=1280:720:flags=bicubic,trim=end_frame=300,setpts=PTS-STARTPTS[b];[a][b]concat=n=2
            """
        return Film(
            file: "masters/signals-s01e02.mp4",
            picture: Picture(graph: graph, width: 1280, height: 720, frameRate: video30, frames: 599),
            sound: .aac(narration.graph, language: "eng"))
    }

    // MARK: Clips

    /// A telephone held upright: stored lying on its side, with a display matrix that sets it up again.
    static let lanterns = Film(
        file: "masters/lanterns.mp4",
        picture: Picture(
            graph: """
                gradients=size=180x320:rate=30000/1001:seed=11:\
                nb_colors=5:\(night):speed=0.02,format=gbrp,scale=720:1280:flags=bicubic[sky];\
                testsrc2=size=360x240:rate=30000/1001,format=gbrp[lantern];\
                [sky][lantern]overlay=x=180+150*sin(t):y=700-420*sin(t/4):format=gbrp,transpose=cclock
                """,
            width: 1280, height: 720, frameRate: video30, frames: 360,
            orientation: Orientation(mirrored: false, clockwise: 90)),
        sound: .aac(
            "aevalsrc='0.1*sin(2*PI*(330+80*sin(2*PI*t/3))*t)|0.1*sin(2*PI*440*t)*exp(-3*mod(t,1))':sample_rate=48000:duration=12.012"))

    /// One tone after another, each from a loudspeaker of its own: left, right, centre, bass, back left, back right.
    static let sixVoices = Film(
        file: "masters/six-voices.mkv",
        picture: Picture(
            graph: """
                sierpinski=size=960x540:rate=25:seed=4:jump=40,format=gbrp[carpet];\
                gradients=size=240x135:rate=25:seed=21:nb_colors=5:\(dusk):speed=0.02,format=gbrp,scale=960:540:flags=bicubic[light];\
                [carpet][light]blend=all_mode=multiply:shortest=1
                """,
            width: 960, height: 540, frameRate: Rational(25), frames: 300),
        sound: .ac3(roundOfTones, channels: 6))

    private static var roundOfTones: String {
        let tones = [330, 440, 550, 55, 660, 880].enumerated().map { place, pitch in
            "0.25*sin(2*PI*\(pitch)*t)*lt(mod(t-\(2 * place)+12,12),1.8)"
        }
        return "aevalsrc='\(tones.joined(separator: "|"))':channel_layout=5.1:sample_rate=48000:duration=12"
    }

    /// No sound, and short: for the slow encoders.
    static let petriDish = Film(
        file: "masters/petri-dish.mp4",
        picture: Picture(
            graph: """
                life=size=320x180:rate=25:random_seed=5:random_fill_ratio=0.12:mold=12:\
                mold_color=#102040:death_color=#c06020:life_color=#f0f060,\
                format=gbrp,scale=640:360:flags=neighbor
                """,
            width: 640, height: 360, frameRate: Rational(25), frames: 250))

    /// A telephone that takes each frame when it can: between 20 and 60 ms after the last.
    static let uneven = Film(
        file: "masters/uneven.mkv",
        picture: Picture(
            graph: "testsrc2=size=640x360:rate=25,format=gbrp,hue=H=t/3,settb=1/1000,setpts='40*N+floor(18*sin(N/4))'",
            width: 640, height: 360, frameRate: Rational(25), frames: 375, hasVariableRate: true),
        sound: .aac("aevalsrc='0.2*sin(2*PI*880*t)*lt(mod(t,1),0.05)|0.2*sin(2*PI*880*t)*lt(mod(t,1),0.05)':sample_rate=48000:duration=15"))
}
