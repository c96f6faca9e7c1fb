//! What somebody signs in with, as coarse as it must be to tell one's own devices apart: a browser and a system of a short
//! list, and no version, model or number, which others might know the device again by.

use crate::text::{Lang, Text};

/// A browser, by the family it belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Browser {
    /// 企业微信
    WeCom,
    /// 微信
    WeChat,
    /// Edge
    Edge,
    /// Firefox
    Firefox,
    /// QQ 浏览器
    Qq,
    /// 华为浏览器
    Huawei,
    /// Chrome, and what does not tell itself from it
    Chrome,
    /// Safari
    Safari,
}

impl Browser {
    /// Every one. A browser names those that it is made of too: the first that is found is the one.
    pub const ALL: [Self; 8] = [
        Self::WeCom,
        Self::WeChat,
        Self::Edge,
        Self::Firefox,
        Self::Qq,
        Self::Huawei,
        Self::Chrome,
        Self::Safari,
    ];

    /// What it is kept as.
    pub const fn key(self) -> &'static str {
        match self {
            Self::WeCom => "wecom",
            Self::WeChat => "wechat",
            Self::Edge => "edge",
            Self::Firefox => "firefox",
            Self::Qq => "qq",
            Self::Huawei => "huawei",
            Self::Chrome => "chrome",
            Self::Safari => "safari",
        }
    }

    const fn signs(self) -> &'static [&'static str] {
        match self {
            Self::WeCom => &["wxwork/"],
            Self::WeChat => &["MicroMessenger/"],
            Self::Edge => &["Edg/", "EdgA/", "EdgiOS/"],
            Self::Firefox => &["Firefox/", "FxiOS/"],
            Self::Qq => &["QQBrowser/"],
            Self::Huawei => &["HuaweiBrowser/"],
            Self::Chrome => &["Chrome/", "CriOS/"],
            Self::Safari => &["Safari/"],
        }
    }

    const fn name(self) -> Text {
        match self {
            Self::WeCom => Text::new("企业微信", "WeCom"),
            Self::WeChat => Text::new("微信", "WeChat"),
            Self::Edge => Text::new("Edge", "Edge"),
            Self::Firefox => Text::new("Firefox", "Firefox"),
            Self::Qq => Text::new("QQ 浏览器", "QQ Browser"),
            Self::Huawei => Text::new("华为浏览器", "Huawei Browser"),
            Self::Chrome => Text::new("Chrome", "Chrome"),
            Self::Safari => Text::new("Safari", "Safari"),
        }
    }
}

/// What a device runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum System {
    /// HarmonyOS
    Harmony,
    /// Android
    Android,
    /// iOS and iPadOS
    Ios,
    /// Windows
    Windows,
    /// macOS
    MacOs,
    /// Linux
    Linux,
}

impl System {
    /// Every one. Android names Linux, and an iPhone names macOS: the first that is found is the one.
    pub const ALL: [Self; 6] = [
        Self::Harmony,
        Self::Android,
        Self::Ios,
        Self::Windows,
        Self::MacOs,
        Self::Linux,
    ];

    /// What it is kept as.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Harmony => "harmony",
            Self::Android => "android",
            Self::Ios => "ios",
            Self::Windows => "windows",
            Self::MacOs => "macos",
            Self::Linux => "linux",
        }
    }

    const fn signs(self) -> &'static [&'static str] {
        match self {
            Self::Harmony => &["HarmonyOS", "OpenHarmony"],
            Self::Android => &["Android"],
            Self::Ios => &["iPhone", "iPad", "iPod"],
            Self::Windows => &["Windows"],
            Self::MacOs => &["Macintosh", "Mac OS X"],
            Self::Linux => &["Linux"],
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Harmony => "HarmonyOS",
            Self::Android => "Android",
            Self::Ios => "iOS",
            Self::Windows => "Windows",
            Self::MacOs => "macOS",
            Self::Linux => "Linux",
        }
    }
}

/// Browser and system, as far as they are of the list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Device {
    /// The browser.
    pub browser: Option<Browser>,
    /// The system.
    pub system: Option<System>,
}

impl Device {
    /// What a browser says of itself (`User-Agent`).
    pub fn of(user_agent: &str) -> Self {
        let says = |signs: &[&str]| signs.iter().any(|sign| user_agent.contains(sign));
        Self {
            browser: Browser::ALL.into_iter().find(|b| says(b.signs())),
            system: System::ALL.into_iter().find(|s| says(s.signs())),
        }
    }

    /// Whether it is the browser inside WeChat or WeCom, which neither saves files nor picks them.
    pub const fn is_inside_wechat(self) -> bool {
        matches!(self.browser, Some(Browser::WeChat | Browser::WeCom))
    }

    /// What it is kept as: `wechat/android`.
    pub fn key(self) -> String {
        let browser = self.browser.map_or("", Browser::key);
        let system = self.system.map_or("", System::key);
        format!("{browser}/{system}")
    }

    /// Reads [`Device::key`]; what is not of the list is not known.
    pub fn from_key(key: &str) -> Self {
        let (browser, system) = key.split_once('/').unwrap_or_default();
        Self {
            browser: Browser::ALL.into_iter().find(|b| b.key() == browser),
            system: System::ALL.into_iter().find(|s| s.key() == system),
        }
    }

    /// 微信 · Android; what is not known is left out.
    pub fn label(self, lang: Lang) -> Option<String> {
        let browser = self.browser.map(|browser| browser.name().in_lang(lang));
        let parts = [browser, self.system.map(System::name)];
        let known: Vec<&str> = parts.into_iter().flatten().collect();
        (!known.is_empty()).then(|| known.join(" · "))
    }
}
