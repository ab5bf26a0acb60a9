import Foundation

/// How long and how often a request is tried.
package struct RetryPolicy: Hashable, Sendable {
    /// Tries of one request, the first one too.
    package var attempts = 10
    /// Tries of one whose body the server finds damaged: it may have been wrong before it left.
    var damagedAttempts = 4
    /// Seconds: the most that is waited before the second try; doubled for each further one.
    package var base = 0.25
    /// Seconds: the most that is ever waited on our own account.
    package var longest = 20.0
    /// Seconds: the most that a server may make us wait; one that asks for more is asked once more after that, and is down if it still
    /// does.
    package var longestAsked = 120.0
    /// Seconds by which a clock must be wrong before a refusal is blamed on it.
    var clockTolerance = 60.0

    package init() {}
}

/// What all requests of a publication may lose to faults together, so that a server that is down is not hammered by each of them.
struct RetryBudget: Hashable, Sendable {
    private var tokens: Int
    private let capacity: Int
    private static let cost = 5

    init(capacity: Int = 500) {
        self.capacity = capacity
        tokens = capacity
    }

    /// A server that resets everything in flight, as a load balancer does when it is renewed, makes one fault of each request, and that
    /// may happen several times in a row: it is not down for that.
    /// - Parameter concurrency: requests in flight.
    init(concurrency: Int) { self.init(capacity: 500 + 10 * Self.cost * concurrency) }

    /// False: there is nothing left.
    mutating func spend() -> Bool {
        guard tokens >= Self.cost else { return false }
        tokens -= Self.cost
        return true
    }

    /// A request that succeeded gives some back: one success in six keeps the budget whole.
    mutating func earn() { tokens = min(capacity, tokens + 1) }
}

/// What to do after each try of one request. Knows no clock, no network and no chance of its own.
struct RetryState: Hashable, Sendable {
    /// How a try ended.
    enum Outcome: Hashable, Sendable {
        case succeeded
        /// The server answered, but not what was asked for.
        case refused(S3Fault, retryAfter: String?, serverTime: Date?)
        /// There was no whole answer, or none that can be read.
        case broken(isTransient: Bool)
    }

    enum Decision: Hashable, Sendable {
        case accept
        /// Again, so many seconds later.
        case retry(after: Double)
        /// Again at once, signed for another region or sent to another host.
        case redirect(region: String?, host: String?)
        /// Again at once, with the clock set forward by so many seconds.
        case correctClock(by: Double)
        /// Again at once, with credentials that are looked for anew.
        case renewCredentials
        case giveUp
    }

    private let policy: RetryPolicy
    private var tries = 0
    private var wasRedirected = false
    private var wasCorrected = false
    private var wasRenewed = false
    private var waitedLongest = false

    init(_ policy: RetryPolicy = RetryPolicy()) { self.policy = policy }

    /// - Parameters:
    ///   - now: the time that the try was signed with.
    ///   - chance: in 0..<1, drawn anew for each call.
    mutating func decide(_ outcome: Outcome, now: Date, chance: Double, budget: inout RetryBudget) -> Decision {
        tries += 1
        switch outcome {
        case .succeeded:
            budget.earn()
            return .accept
        case .broken(let isTransient):
            return isTransient ? again(nil, chance, &budget) : .giveUp
        case .refused(let fault, let retryAfter, let serverTime):
            if let redirect = redirect(fault) { return redirect }
            if let serverTime, !wasCorrected, Self.blamesTheClock(fault) {
                let offset = serverTime.timeIntervalSince(now)
                if abs(offset) > policy.clockTolerance {
                    wasCorrected = true
                    return .correctClock(by: offset)
                }
                guard fault.code.isEmpty else { return .giveUp }
            }
            if !wasRenewed, Self.blamesTheKeys(fault) {
                wasRenewed = true
                return .renewCredentials
            }
            if Self.damageCodes.contains(fault.code) { return tries < policy.damagedAttempts ? again(nil, chance, &budget) : .giveUp }
            guard Self.isTransient(fault) else { return .giveUp }
            return again(Self.seconds(retryAfter, serverTime ?? now), chance, &budget)
        }
    }

    private mutating func redirect(_ fault: S3Fault) -> Decision? {
        let isElsewhere = [301, 302, 307, 308].contains(fault.status) || (fault.status == 400 && Self.wrongRegion.contains(fault.code))
        guard isElsewhere, fault.region != nil || fault.host != nil else { return nil }
        guard !wasRedirected else { return .giveUp }
        wasRedirected = true
        return .redirect(region: fault.region, host: fault.host)
    }

    /// Full jitter: anything up to the bound, so that those who failed together do not come back together.
    private mutating func again(_ asked: Double?, _ chance: Double, _ budget: inout RetryBudget) -> Decision {
        guard tries < policy.attempts, budget.spend() else { return .giveUp }
        let bound = min(policy.longest, policy.base * pow(2, Double(min(tries - 1, 30))))
        guard let asked else { return .retry(after: chance * bound) }
        if asked > policy.longestAsked {
            guard !waitedLongest else { return .giveUp }
            waitedLongest = true
        }
        return .retry(after: min(asked, policy.longestAsked) + chance * policy.base)
    }

    private static let wrongRegion: Set<String> = ["AuthorizationHeaderMalformed", "IllegalLocationConstraintException"]
    /// The last: of those who stand before servers, such as a CDN or a web host, and cannot reach them.
    private static let transientStatuses: Set<Int> = [408, 425, 429, 500, 502, 503, 504, 509, 520, 521, 522, 523, 524, 525, 527]
    /// Codes that come with statuses which are final otherwise: 200 and 400 and 409.
    private static let transientCodes: Set<String> = [
        "InternalError", "SlowDown", "ServiceUnavailable", "Throttling", "ThrottlingException", "RequestLimitExceeded", "RequestTimeout",
        "RequestTimeoutException", "OperationAborted", "ConditionalRequestConflict", "IDPCommunicationError",
        "IncompleteBody",
    ]
    /// The key was good once: whoever gave it may have given another since.
    private static let staleKeyCodes: Set<String> = [
        "ExpiredToken", "ExpiredTokenException", "InvalidAccessKeyId", "InvalidToken", "InvalidTokenId", "TokenRefreshRequired",
    ]
    /// The body did not arrive as it was signed.
    private static let damageCodes: Set<String> = ["BadDigest", "XAmzContentSHA256Mismatch", "XAmzContentChecksumMismatch"]

    private static func isTransient(_ fault: S3Fault) -> Bool {
        transientCodes.contains(fault.code) || (transientStatuses.contains(fault.status) && fault.code != "NotImplemented")
    }

    private static func blamesTheClock(_ fault: S3Fault) -> Bool {
        fault.code == "RequestTimeTooSkewed" || fault.code == "RequestExpired" || (fault.status == 403 && fault.code.isEmpty)
    }

    /// Answers to HEAD have no code; a token that has expired is status 400 at Amazon, 403 elsewhere.
    private static func blamesTheKeys(_ fault: S3Fault) -> Bool {
        staleKeyCodes.contains(fault.code) || ([400, 403].contains(fault.status) && fault.code.isEmpty)
    }

    private static func seconds(_ retryAfter: String?, _ now: Date) -> Double? {
        guard let retryAfter else { return nil }
        if let number = Double(retryAfter), number >= 0 { return number }
        return AmazonTime.parseHeader(retryAfter).map { max(0, $0.timeIntervalSince(now)) }
    }
}
