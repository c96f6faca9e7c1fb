//! Room `photo`: the state of the certificate photo (电子图像采集, domain.md §4.6).

use crate::clause::Clause;
use crate::decision::{Machine, Reason, Refusal};
use crate::institution::Office;
use crate::text::{Explained, Label, Text, Tone};
use serde::{Deserialize, Serialize};

/// State of the certificate photo. The capture code itself is never stored, only its state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PhotoState {
    /// 未采集
    NotCaptured,
    /// 已领采集码
    CodeObtained,
    /// 已提交待审核
    Submitted,
    /// 审核不合格
    Rejected,
    /// 已上传学信网待校对
    ToProof,
    /// 学生校对正确
    Proofed,
    /// 学生校对有误
    Disputed,
    /// 人像比对未通过
    FaceBlocked,
    /// 可用于注册
    Usable,
}

/// What may happen to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PhotoEvent {
    /// The student has the capture code.
    ObtainCode,
    /// The agency has taken the photo.
    Submit,
    /// The agency or the platform rejects it.
    Reject,
    /// It is on CHSI.
    Publish,
    /// The student says it is right.
    Confirm,
    /// The student says it is wrong.
    Dispute,
    /// The face comparison fails.
    BlockFace,
    /// The comparison passes, or the province consents.
    Release,
}

impl Machine for PhotoState {
    type Event = PhotoEvent;
    type Ground = ();
    const NAME: &'static str = "photo";
    const STATES: &'static [Self] = &[
        Self::NotCaptured,
        Self::CodeObtained,
        Self::Submitted,
        Self::Rejected,
        Self::ToProof,
        Self::Proofed,
        Self::Disputed,
        Self::FaceBlocked,
        Self::Usable,
    ];
    const EVENTS: &'static [PhotoEvent] = &[
        PhotoEvent::ObtainCode,
        PhotoEvent::Submit,
        PhotoEvent::Reject,
        PhotoEvent::Publish,
        PhotoEvent::Confirm,
        PhotoEvent::Dispute,
        PhotoEvent::BlockFace,
        PhotoEvent::Release,
    ];

    fn next(self, event: PhotoEvent) -> Result<Self, Refusal> {
        use PhotoEvent as E;
        match (self, event) {
            (Self::NotCaptured, E::ObtainCode) => Ok(Self::CodeObtained),
            (
                Self::NotCaptured | Self::CodeObtained | Self::Rejected | Self::Disputed,
                E::Submit,
            ) => Ok(Self::Submitted),
            (Self::Submitted, E::Reject) => Ok(Self::Rejected),
            (Self::Submitted, E::Publish) => Ok(Self::ToProof),
            (Self::ToProof, E::Confirm) => Ok(Self::Proofed),
            (Self::ToProof, E::Dispute) => Ok(Self::Disputed),
            (Self::ToProof | Self::Proofed, E::BlockFace) => Ok(Self::FaceBlocked),
            (Self::ToProof | Self::Proofed | Self::FaceBlocked, E::Release) => Ok(Self::Usable),
            (
                _state,
                E::ObtainCode
                | E::Submit
                | E::Reject
                | E::Publish
                | E::Confirm
                | E::Dispute
                | E::BlockFace
                | E::Release,
            ) => Err(Refusal::new(
                Reason::IllegalMove,
                Clause::PHOTO,
                Office::AcademicAffairs,
            )),
        }
    }

    fn key(self) -> &'static str {
        match self {
            Self::NotCaptured => "not_captured",
            Self::CodeObtained => "code_obtained",
            Self::Submitted => "submitted",
            Self::Rejected => "rejected",
            Self::ToProof => "to_proof",
            Self::Proofed => "proofed",
            Self::Disputed => "disputed",
            Self::FaceBlocked => "face_blocked",
            Self::Usable => "usable",
        }
    }

    fn event_key(event: PhotoEvent) -> &'static str {
        match event {
            PhotoEvent::ObtainCode => "obtain_code",
            PhotoEvent::Submit => "submit",
            PhotoEvent::Reject => "reject",
            PhotoEvent::Publish => "publish",
            PhotoEvent::Confirm => "confirm",
            PhotoEvent::Dispute => "dispute",
            PhotoEvent::BlockFace => "block_face",
            PhotoEvent::Release => "release",
        }
    }
}

impl Label for PhotoState {
    fn label(&self) -> Text {
        match self {
            Self::NotCaptured => Text::new("未采集", "Not captured"),
            Self::CodeObtained => Text::new("已领采集码", "Capture code obtained"),
            Self::Submitted => Text::new("已拍摄待审核", "Taken, under review"),
            Self::Rejected => Text::new("审核不合格", "Rejected"),
            Self::ToProof => Text::new("待本人校对", "To be proofed by the student"),
            Self::Proofed => Text::new("校对正确", "Proofed"),
            Self::Disputed => Text::new("校对有误", "Disputed"),
            Self::FaceBlocked => Text::new("人像比对未通过", "Face comparison failed"),
            Self::Usable => Text::new("可用于注册", "Ready for registration"),
        }
    }
}

impl Explained for PhotoState {
    fn explanation(&self) -> Text {
        match self {
            Self::NotCaptured => Text::new(
                "毕业生图像采集在毕业前一年的春季学期进行，由教育部指定机构拍摄。时间和地点由学院通知。",
                "The certificate photo is taken in the spring before the final year by the designated agency. Your college tells you when and where.",
            ),
            Self::CodeObtained => Text::new(
                "你已取得图像采集码。请按通知的时间和地点参加拍摄。",
                "You have the capture code. Come to the session at the time and place you were told.",
            ),
            Self::Submitted => Text::new(
                "照片已拍摄，正在审核。审核通过后会上传学信网。",
                "The photo has been taken and is under review. It goes to CHSI once it passes.",
            ),
            Self::Rejected => Text::new(
                "照片未通过审核，需要重新采集。请联系学院登记补拍。",
                "The photo was rejected and must be taken again. Register for a make-up with your college.",
            ),
            Self::ToProof => Text::new(
                "照片已上传学信网，请本人登录校对。只是对照片不满意时，请不要选择“不是本人”。",
                "The photo is on CHSI; sign in there and proof it yourself. If you merely dislike it, do not choose “not me”.",
            ),
            Self::Proofed => Text::new(
                "你已校对照片。接下来与录取照片进行人像比对。",
                "You have proofed the photo. It is now compared with the admission photo.",
            ),
            Self::Disputed => Text::new(
                "你标注了照片有误，教务处正在核实。需要你补拍时，学院会通知你。",
                "You have marked the photo as wrong and Academic Affairs is checking. Your college will tell you if a new one is needed.",
            ),
            Self::FaceBlocked => Text::new(
                "照片与录取照片的比对没有通过，学校需要核验本人。请联系学院。",
                "The comparison with the admission photo failed and the university must verify you in person. Contact your college.",
            ),
            Self::Usable => Text::new(
                "照片已可用于学历证书电子注册。现在不需要你做什么。",
                "The photo is ready for credential registration. There is nothing for you to do now.",
            ),
        }
    }

    fn tone(&self) -> Tone {
        match self {
            Self::NotCaptured => Tone::Neutral,
            Self::CodeObtained | Self::Submitted => Tone::Info,
            Self::ToProof => Tone::Warning,
            Self::Proofed | Self::Usable => Tone::Success,
            Self::Rejected | Self::Disputed | Self::FaceBlocked => Tone::Error,
        }
    }
}
