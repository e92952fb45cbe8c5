"""A small library whose one quiz asks a question of every type, in two languages."""

from __future__ import annotations

COURSE = """\
id: all
title: {en: Every type, zh-Hans: 全部题型}
languages: [en, zh-Hans]
modules:
  - id: all-1
    title: {en: One module, zh-Hans: 一个模块}
    steps:
      - quiz: every
complete: {activities: done}
"""

TAGS = "slow: {en: rewards slow payment, zh-Hans: 奖励拖欠}\n"

QUIZ = """\
---
id: every
kind: quiz
title: Every type
feedback: now
shuffle: [options]
pass: 60
competency: C04
---

One question of each type.

## e-single: A first cue

Which of these is a cue?

- [ ] The size of the office
  > It shows rank.
- [x] What is asked first
  > You can hear it.

Why?

- [x] It can be heard
  > And written down.
- [ ] It is polite
  > Politeness is no evidence.

> Behaviour first.

## e-multiple: What to bring

What helps a buyer who is short of time?

- [x] The result first
  > Yes.
- [x] Two options
  > Yes.
- [ ] The history of the firm
  > Nobody asked for it.

## e-ordering: From need to date

`ordering`

Bring the talk into its order.

1. Ask for the cost of the problem
2. Name the result
3. Offer two ways
   > Two, so that the choice stays with the buyer.
4. Fix the date

> The date comes last, and never later.

## e-matching: Cue and type

`matching`

Match cue and type.

| Cue | Type |
| --- | --- |
| asks for figures | analytical |
| decides at once | dominant |
| | undecided |

## e-classify: Fact or guess

`classify`

Which of these is a fact?

### Fact

- He named the fourth of May
  > It can be looked up.
- She asked for the drawing

### Guess

- He likes us
  > Says who?
- The budget is large

## e-numeric: Days to pay

`numeric`

Receivables 1,500, revenue 9,000, 360 days. How many days does the customer take?

- [x] 60.0 ± 0.5 days
  > 1,500 ÷ 9,000 × 360.
- [ ] 2160
  > Receivables go on top.

## e-short: Who opens the door

`short, any-script`

What do you call somebody inside who wants you to win?

- [x] coach
- [x] insider
- [ ] friend
  > A friend likes you; a coach is tested.

## e-cloze: Under stress

`cloze`

Under stress a dominant buyer **takes over** and an analytical one **withdraws / asks for more**, for about **3** days.

- [ ] applauds
  > Nobody applauds under stress.

## e-bank: The same by choosing

`cloze, bank`

Under stress a social buyer **attacks** and an amiable one **gives in**.

- [ ] sleeps
  > Not in the meeting.

## e-grid: Score the box

`grid`

Fill in the scores.

| Indicator | Target | Actual | Score |
| --- | ---: | ---: | ---: |
| Profit | 360 | 324 | **90.0 ± 0.1** |
| Days | 60 | 75 | **80** % |

- [ ] 125 `slow`
  > 75 ÷ 60 rewards slow payment.

## e-grid-bank: Who does what

`grid, bank`

Choose for each.

| Role | Asks for |
| --- | --- |
| Purchasing | **price** |
| Users | **ease** |

## e-open: Your own words

`open, words: 5-60`

Describe one of your buyers.

| Criterion | 0 None | 1 Some | 2 Full |
| --- | --- | --- | --- |
| Cues | none | one | three |

> Three cues, then a guess.
"""

QUIZ_ZH = """\
---
id: every
follows: en
title: 全部题型
---

每种题型一道题。

## e-single: 第一条线索

哪一项是线索？

- [ ] 办公室的大小
  > 那说明级别。
- [x] 先问什么
  > 听得到。

为什么？

- [x] 听得到
  > 也写得下来。
- [ ] 有礼貌
  > 礼貌不是依据。

> 先看行为。

## e-multiple: 带什么去

时间紧的客户需要什么？

- [x] 先说结果
  > 对。
- [x] 两个方案
  > 对。
- [ ] 公司的历史
  > 没人问。

## e-ordering: 从需求到日期

`ordering`

把谈话按顺序排好。

1. 问清问题造成的成本
2. 说出结果
3. 给出两条路
   > 两条，选择权才留在客户手里。
4. 定下日期

> 日期放在最后，但不能更晚。

## e-matching: 线索与类型

`matching`

把线索与类型配对。

| 线索 | 类型 |
| --- | --- |
| 要数据 | 分析型 |
| 当场决定 | 主导型 |
| | 犹豫型 |

## e-classify: 事实还是猜测

`classify`

哪些是事实？

### 事实

- 他说了五月四日
  > 查得到。
- 她要了图纸

### 猜测

- 他喜欢我们
  > 谁说的？
- 预算很大

## e-numeric: 回款天数

`numeric`

应收账款1500，收入9000，360天。客户多少天付款？

- [x] 60.0 ± 0.5 天
  > 1500 ÷ 9000 × 360。
- [ ] 2160
  > 应收账款在上面。

## e-short: 谁来开门

`short, any-script`

在客户内部，希望你赢的人叫什么？

- [x] 内线
- [ ] 朋友
  > 朋友喜欢你；内线经过检验。

## e-cloze: 压力之下

`cloze`

压力之下，主导型会**接管局面**，分析型会**退缩 ／ 要更多资料**，大约持续**3**天。

- [ ] 鼓掌
  > 没有人在压力下鼓掌。

## e-bank: 用选的再做一次

`cloze, bank`

压力之下，社交型会**言语攻击**，和蔼型会**让步**。

- [ ] 睡着
  > 会上不会。

## e-grid: 给这一项打分

`grid`

填写得分。

| 指标 | 目标 | 实际 | 得分 |
| --- | ---: | ---: | ---: |
| 毛利 | 360 | 324 | **90.0 ± 0.1** |
| 天数 | 60 | 75 | **80** % |

- [ ] 125 `slow`
  > 75 ÷ 60 是在奖励拖欠。

## e-grid-bank: 谁要什么

`grid, bank`

为每一行选择。

| 角色 | 要求 |
| --- | --- |
| 采购 | **价格** |
| 用户 | **好用** |

## e-open: 用你自己的话

`open, words: 5-60`

描述你的一位客户。

| 标准 | 0 没有 | 1 一些 | 2 完整 |
| --- | --- | --- | --- |
| 线索 | 没有 | 一条 | 三条 |

> 三条线索，然后才是判断。
"""

FILES: dict[str, bytes] = {
    "courses/all/course.yaml": COURSE.encode(),
    "quizzes/misconceptions.yaml": TAGS.encode(),
    "quizzes/every.en.md": QUIZ.encode(),
    "quizzes/every.zh-Hans.md": QUIZ_ZH.encode(),
}
