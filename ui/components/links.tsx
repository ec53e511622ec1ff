import {
  Anchor,
  type AnchorProps,
  Button,
  type ButtonProps,
  Card,
  type CardProps,
  MenuItem,
  type MenuItemProps,
} from '@mantine/core'
import { createLink } from '@tanstack/react-router'
import type { AnchorHTMLAttributes, Ref } from 'react'

type Attributes<Props> = Props &
  Omit<AnchorHTMLAttributes<HTMLAnchorElement>, keyof Props> & { ref?: Ref<HTMLAnchorElement> }

// Mantine's parts as links of the router, whose addresses the compiler checks.

export const AnchorLink = createLink((props: Attributes<AnchorProps>) => <Anchor {...props} />)

export const ButtonLink = createLink((props: Attributes<ButtonProps>) => <Button component="a" {...props} />)

export const CardLink = createLink((props: Attributes<CardProps>) => <Card component="a" {...props} />)

export const MenuItemLink = createLink((props: Attributes<MenuItemProps>) => (
  <MenuItem component="a" {...props} />
))
