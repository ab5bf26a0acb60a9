import Curl
import TestSupport
import Testing

@testable import Publishing

@Suite struct SurroundingsTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    func surroundings(_ environment: [String: String] = [:]) -> Surroundings {
        Surroundings(
            environment: environment.merging(["AWS_EC2_METADATA_DISABLED": "true"]) { given, _ in given }, home: folder.path)
    }

    func credentials(_ environment: [String: String] = [:], profile: String? = nil) throws -> S3Credentials {
        try CredentialChain(surroundings(environment), profile: profile, web: HTTPClient(), near: HTTPClient()).credentials()
    }

    @Test func aKeyAndItsTokenComeFromOneFile() throws {
        try folder.write("[default]\naws_access_key_id = OLD\naws_secret_access_key = s\naws_session_token = t", to: ".aws/config")
        try folder.write("[default]\naws_access_key_id = NEW\naws_secret_access_key = s", to: ".aws/credentials")
        #expect(try credentials() == S3Credentials(accessKey: "NEW", secretKey: "s"))
    }

    @Test func aProfileThatIsEmptyIsNoneThatIsMissing() throws {
        try folder.write("[profile night job]\n[profile 'night job']\n", to: ".aws/config")
        let error = #expect(throws: PublishingError.self) { try credentials(profile: "night job") }
        #expect(error?.description.contains("is neither in") == false)
        #expect(error?.description.contains("none is lent to this machine") == true)
    }

    @Test func halfAKeyIsAMistake() throws {
        try folder.write(
            "[default]\naws_access_key_id = FILE\naws_secret_access_key = s\n[half]\naws_access_key_id = K", to: ".aws/credentials")
        let inEnvironment = #expect(throws: PublishingError.self) { try credentials(["AWS_ACCESS_KEY_ID": "ENV"]) }
        #expect(inEnvironment?.description.contains("AWS_SECRET_ACCESS_KEY") == true)
        #expect(try credentials(["AWS_ACCESS_KEY_ID": "ENV"], profile: "default").accessKey == "FILE")
        let inProfile = #expect(throws: PublishingError.self) { try credentials(profile: "half") }
        #expect(inProfile?.description.contains("the profile 'half' has an aws_access_key_id, but no aws_secret_access_key") == true)
    }

    @Test func aSecretThatIsIndentedTooDeepIsNotSentAsPartOfTheKey() throws {
        try folder.write("[default]\naws_access_key_id = KEY\n  aws_secret_access_key = geheim\n", to: ".aws/credentials")
        let error = #expect(throws: PublishingError.self) { try credentials() }
        #expect(error?.description.contains("'aws_access_key_id'") == true && error?.description.contains("geheim") == false)
        try folder.write("[default]\naws_access_key_id = KEY\n  x = geheim\naws_secret_access_key = geheim\n", to: ".aws/credentials")
        let both = #expect(throws: PublishingError.self) { try credentials() }
        #expect(both?.description.contains("'aws_access_key_id'") == true && both?.description.contains("geheim") == false)
    }
}
