import MediaModel

/// A rung with its place, before the rungs are sorted.
struct ResolvedRung {
    var rung: Rung
    var place: PresetDocument.RungPlace
}

/// Joins what a rung says with what `video` says for all of them, and holds the outcome against the encoder's facts.
struct RungResolver {
    let facts: EncoderFacts
    let video: TypedRecord
    var faults: Faults
    private var names: [String: Place] = [:]
    /// Values under `video` are held against the encoder once, not once for each rung.
    private var checked: Set<Place> = []

    init(facts: EncoderFacts, video: TypedRecord, faults: Faults) {
        self.facts = facts
        self.video = video
        self.faults = faults
    }

    /// nil where something required is missing or wrong; that has been reported.
    mutating func resolve(_ record: TypedRecord) -> ResolvedRung? {
        checkName(record)
        let speed = word("speed", record, among: facts.speeds) ?? facts.standardSpeed
        let profile = word("profile", record, among: facts.profiles.map(\.name))
        let level = level(record)
        let bitDepth = value("bit_depth", record)?.whole ?? 8
        checkDepth(bitDepth, profile: profile, record)
        let options = OptionReader.merge(video["options"], record["options"], facts: facts, faults: &faults, checked: &checked)
        guard let rateControl = rateControl(record), let name = record.text("name"), let width = record.whole("width"),
            let height = record.whole("height")
        else { return nil }
        let rung = Rung(
            name: name, codec: facts.codec, encoder: facts.name, width: width, height: height,
            maxFrameRate: value("max_frame_rate", record)?.exact, rateControl: rateControl, speed: speed, profile: profile,
            level: level, bitDepth: bitDepth, options: options.mapValues(\.value))
        let places = options.mapValues { PresetDocument.OptionPlace(key: $0.key, place: $0.place) }
        return ResolvedRung(
            rung: rung,
            place: .init(key: record.key, place: record.place, options: places, settings: settings(record)))
    }

    /// A rung's own value, else that of `video`.
    private func value(_ key: String, _ record: TypedRecord) -> TypedValue? {
        record.given.contains(key) ? record[key] : video[key]
    }

    private mutating func checkName(_ record: TypedRecord) {
        guard let value = record["name"], let name = value.text else { return }
        if let first = names[name] {
            faults.add(value.place, value.key, "the name '\(name)' is used twice; the first is in line \(first.line)")
        } else {
            names[name] = value.place
        }
    }

    private mutating func word(_ key: String, _ record: TypedRecord, among words: [String]) -> String? {
        guard let value = value(key, record), let text = value.text else { return nil }
        if !words.contains(text), checked.insert(value.place).inserted {
            faults.add(
                value.place, value.key, "'\(text)' is no \(key) of \(facts.name); it has \(words.joined(separator: ", "))",
                suggestion: NearestWord.to(text, in: words))
        }
        return text
    }

    private mutating func level(_ record: TypedRecord) -> String? {
        guard let value = value("level", record), let text = value.text else { return nil }
        if let level = facts.level(text) { return level }
        if checked.insert(value.place).inserted {
            faults.add(
                value.place, value.key, "'\(text)' is no level of \(facts.codec.rawValue); it has \(facts.levels.joined(separator: ", "))")
        }
        return nil
    }

    private mutating func checkDepth(_ bitDepth: Int, profile: String?, _ record: TypedRecord) {
        let value = value("bit_depth", record)
        let place = value?.place ?? self.value("profile", record)?.place ?? record.place
        let key = value?.key ?? self.value("profile", record)?.key ?? record.path("bit_depth")
        if !facts.bitDepths.contains(bitDepth) {
            guard checked.insert(place).inserted else { return }
            faults.add(place, key, "must be 8 or 10, not \(bitDepth)")
        } else if let profile, let held = facts.profiles.first(where: { $0.name == profile }), !held.bitDepths.contains(bitDepth) {
            let fitting = facts.profiles.first { $0.bitDepths.contains(bitDepth) }?.name
            guard checked.insert(place).inserted else { return }
            faults.add(
                place, key, "\(bitDepth) bits do not fit the profile '\(profile)'; it holds \(held.bitDepths.map(String.init).joined())",
                suggestion: fitting)
        }
    }

    private mutating func rateControl(_ record: TypedRecord) -> RateControl? {
        let cap = cap(record)
        if record.given.contains("bit_rate") { return twoPass(record["bit_rate"], cap: cap) }
        guard let crf = value("crf", record) else {
            if !record.given.contains("crf"), !video.given.contains("crf") {
                faults.add(record.place, record.key, "crf or bit_rate is missing: the encoder must know what to spend")
            }
            return nil
        }
        checkFactor(crf)
        guard let factor = crf.exact, let cap else { return nil }
        return .cappedCRF(crf: factor, cap: cap)
    }

    private mutating func twoPass(_ average: TypedValue?, cap: RateCap?) -> RateControl? {
        guard let average, let bitRate = average.whole else { return nil }
        guard facts.offersTwoPass else {
            faults.add(
                average.place, average.key,
                "bit_rate means two passes, and \(facts.name) offers no second pass here; use crf with max_rate and buffer_size")
            return nil
        }
        guard let cap else { return nil }
        if bitRate > cap.maxRate {
            faults.add(average.place, average.key, "the average of \(bitRate) bit/s is above max_rate, \(cap.maxRate) bit/s")
        }
        return .twoPass(bitRate: bitRate, cap: cap)
    }

    private mutating func checkFactor(_ crf: TypedValue) {
        guard let factor = crf.exact, !checked.contains(crf.place) else { return }
        checked.insert(crf.place)
        if !facts.crf.contains(factor) {
            let range = "\(facts.crf.lowerBound.decimalText) to \(facts.crf.upperBound.decimalText)"
            faults.add(crf.place, crf.key, "must be from \(range) for \(facts.name), not \(factor.decimalText)")
        } else if facts.codec == .av1, factor.denominator != 1 {
            faults.add(crf.place, crf.key, "\(facts.name) takes whole numbers only, not \(factor.decimalText)")
        }
    }

    private mutating func cap(_ record: TypedRecord) -> RateCap? {
        if record.given.isDisjoint(with: ["max_rate", "buffer_size"]) {
            faults.add(
                record.place, record.key, "max_rate and buffer_size are missing: without a cap no player can choose among the rungs")
        }
        guard let maxRate = record.whole("max_rate"), let buffer = record.whole("buffer_size") else { return nil }
        return RateCap(maxRate: maxRate, bufferSize: buffer)
    }

    /// Each chunk starts the rate buffer anew, half full, so a chunk must be long against it.
    mutating func checkChunk(_ chunk: TypedValue?, duration: Rational, rungs: [ResolvedRung]) {
        for resolved in rungs {
            let cap = resolved.rung.rateControl.cap
            let least = Rational(10) * Rational(Int64(cap.bufferSize), Int64(cap.maxRate))
            guard duration < least else { continue }
            let buffer = resolved.place.settings["buffer_size"]
            faults.add(
                chunk?.place ?? buffer?.place ?? resolved.place.place, chunk?.key ?? buffer?.key ?? resolved.place.key,
                "chunks of \(duration.decimalText) s are shorter than ten times buffer_size / max_rate of rung '\(resolved.rung.name)', "
                    + "\(least.decimalText) s: take longer chunks or a smaller buffer")
        }
    }

    private func settings(_ record: TypedRecord) -> [String: PresetDocument.OptionPlace] {
        var places: [String: PresetDocument.OptionPlace] = [:]
        for source in [video, record] {
            for (name, value) in source.values where name != "rungs" && name != "options" {
                places[name] = .init(key: value.key, place: value.place)
            }
        }
        return places
    }
}
